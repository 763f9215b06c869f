/** The largest events that the bus accepts, in processes with no more memory than the functions have. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey } from '../../../contracts/functions';
import { MAX_ITEM_BYTES } from '../../../contracts/limits';
import { CALL_BYTES } from '../../../contracts/put-events';
import { localEnvironment } from '../../../local/environment';
import { FUNCTION_FIGURES } from '../../../template-src/defaults';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { HANDLER_ENVIRONMENT } from '../../support/builders/handler-environment';
import { nested, objectOf } from '../../support/fuzz/json-text';
import { sampled } from '../../support/sample';
import { wholeEvent } from './whole-event';

/** Megabytes that Node needs beside its heap of old objects: its own code, new objects, buffers. */
const OUTSIDE_OLD_SPACE = 64;

const folder = temporaryFolder('memory');
const processes = new Map<EventFunctionKey, ChildProcess>();
let endpoint: string;

/** An AWS stub that accepts every call. */
const aws = createServer(({ headers }, answer) => {
  const target = String(headers['x-amz-target'] ?? '');
  const attributes = { attempts: { N: '1' }, announced: { M: {} } };
  if (target === '')
    answer.end('<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>');
  else if (target.endsWith('UpdateItem')) answer.end(JSON.stringify({ Attributes: attributes }));
  else if (target.endsWith('PutEvents')) answer.end('{"FailedEntryCount":0,"Entries":[{"EventId":"e"}]}');
  else answer.end('{}');
});

beforeAll(async () => {
  await once(aws.listen(0, '127.0.0.1'), 'listening');
  stopAfterTests(async () => aws.close().closeAllConnections());
  endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  buildSync({
    entryPoints: EVENT_FUNCTION_KEYS.map((key) => `src/handlers/${key}.ts`),
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    logLevel: 'error',
  });
});

function start(key: EventFunctionKey): ChildProcess {
  const child = fork('local/faults/handler-process.cjs', [path.join(folder, `${key}.js`)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [`--max-old-space-size=${FUNCTION_FIGURES[key].memory - OUTSIDE_OLD_SPACE}`],
    env: { ...localEnvironment(endpoint), ...HANDLER_ENVIRONMENT, POWERTOOLS_METRICS_DISABLED: 'true' },
  });
  stopAfterTests(async () => child.kill('SIGKILL'));
  return child;
}

/** Outcome of an event: the status code, the name of the error, or `died`. */
function outcomeOf(key: EventFunctionKey, event: unknown): Promise<string> {
  const running = processes.get(key);
  const child = running?.connected ? running : start(key);
  processes.set(key, child);
  return new Promise((resolve) => {
    const died = () => resolve('died');
    child.once('exit', died);
    child.once('message', (message: { result?: { statusCode: number }; error?: { name: string } }) => {
      child.off('exit', died);
      resolve(String(message.result?.statusCode ?? message.error?.name));
    });
    child.send({ event, requestId: 'r', clockOffset: 0, timeout: FUNCTION_FIGURES[key].timeout * 1_000 });
  });
}

const full = CALL_BYTES - 1_000;

/** JSON values, each as large as an event may be. */
const BULKS: Readonly<Record<string, string>> = {
  'one long text': JSON.stringify('x'.repeat(full)),
  'a text of replacement characters': JSON.stringify('\uFFFD'.repeat(full / 3)),
  'a text that JSON writes six times as long': JSON.stringify('\u0001'.repeat(full / 6)),
  'a list of half a million numbers': `[${'1,'.repeat(full / 2)}1]`,
  'as many numbers as an item may hold': `[${'1,'.repeat(MAX_ITEM_BYTES / 2 - 10)}1]`,
  'an object of a hundred thousand keys': objectOf(
    Array.from({ length: full / 12 }, (_, index) => [`k${index}`, '"x"'] as const),
  ),
  'two hundred lists of lists': `[${Array(200)
    .fill(nested(Math.floor(full / 500)))
    .join()}]`,
};

describe.each(EVENT_FUNCTION_KEYS)('%s', (key) => {
  const cases = Object.entries(BULKS).flatMap(([what, bulk]) => [
    [what, 'its metadata', wholeEvent(key, bulk, '1')] as const,
    [what, 'an unknown field', wholeEvent(key, '1', bulk)] as const,
  ]);

  it.each(sampled(cases, 0.4))(
    'handles or rejects %s in %s',
    async (_what, _where, event) => {
      const began = Date.now();

      expect(['200', 'Rejected']).toContain(await outcomeOf(key, JSON.parse(event)));

      expect(Date.now() - began).toBeLessThan(FUNCTION_FIGURES[key].timeout * 1_000);
    },
    60_000,
  );
});
