/** The stub in a process of its own: `node … server.ts <folder of the certificate>`; tells its port and its access key. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { CREDENTIALS } from '../../local/environment';
import { Services } from './services';

const [folder = ''] = process.argv.slice(2);
const services = new Services();
const server = createServer(
  { key: readFileSync(path.join(folder, 'key.pem')), cert: readFileSync(path.join(folder, 'certificate.pem')) },
  (request, response) => void services.answer(request, response, `localhost:${port()}`),
);
server.keepAliveTimeout = 600_000;
const port = () => (server.address() as AddressInfo).port;
server.listen(0, '127.0.0.1', () => process.send?.({ port: port(), credentials: CREDENTIALS }));
process.on('disconnect', () => process.exit());
