import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stopAfterTests } from './after-tests';

/** Starts a server on this machine until the file's tests have ended, and returns its URL. */
export async function listening(server: Server): Promise<string> {
  stopAfterTests(async () => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
