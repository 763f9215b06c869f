import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stopAfterTests } from '../../support/after-tests';

/** Starts an AWS that does whatever it is asked, until the file's tests have ended; answers its endpoint. */
export async function startStubAws(): Promise<string> {
  const server = createServer(({ headers }, answer) => {
    const target = String(headers['x-amz-target'] ?? '');
    if (target === '') {
      answer.end('<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>');
      return;
    }
    const attributes = { attempts: { N: '1' }, announced: { M: {} } };
    const body = target.includes('PutEvents') ? { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] } : {};
    answer.end(JSON.stringify(target.endsWith('UpdateItem') ? { Attributes: attributes } : body));
  });
  stopAfterTests(async () => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
