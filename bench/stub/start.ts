import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { UserError } from '../../lib/user-error.mjs';
import { LOOPBACK } from '../../local/environment';
import type { OnStarted } from '../../local/started';
import { Services } from './services';

export interface Stub {
  readonly endpoint: string;
  readonly certificate: string;
}

/**
 * Starts the stub of the services over TLS, with a self-signed certificate for a day in the folder.
 * @throws UserError without openssl
 */
export async function startStub(folder: string, onStarted: OnStarted): Promise<Stub> {
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const openssl = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
    ],
    { encoding: 'utf8' },
  );
  if (openssl.status !== 0)
    throw new UserError(
      `openssl cannot make a certificate (${openssl.error?.message ?? openssl.stderr.trim()}): install it and run this again`,
    );
  const services = new Services();
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) =>
    services.answer(request, response, `localhost:${port}`),
  );
  server.keepAliveTimeout = 600_000;
  onStarted(async () => server.close().closeAllConnections());
  await once(server.listen(0, LOOPBACK), 'listening');
  const { port } = server.address() as AddressInfo;
  return { endpoint: `https://localhost:${port}`, certificate };
}
