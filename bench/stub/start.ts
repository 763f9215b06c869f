import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { CREDENTIALS } from '../../local/environment';
import type { OnStarted } from '../../local/started';
import { makeCertificate } from './certificate';

export interface Stub {
  readonly endpoint: string;
  /** The file of its certificate. */
  readonly certificate: string;
  /** The access key of its calls. */
  readonly credentials: typeof CREDENTIALS;
}

/** Starts the stub of the services in a process of its own, over TLS; the folder takes its key and certificate. */
export async function startStub(folder: string, onStarted: OnStarted): Promise<Stub> {
  makeCertificate(folder);
  const child = fork('tools/typescript.mjs', ['bench/stub/server.ts', folder], { execArgv: [] });
  onStarted(async () => {
    child.disconnect();
    await once(child, 'exit');
  });
  const [{ port, credentials }] = await once(child, 'message');
  return { endpoint: `https://localhost:${port}`, certificate: path.join(folder, 'certificate.pem'), credentials };
}
