import path from 'node:path';
import type { Kill } from './fault-proxy';

const HEADER = 'x-local-die';

/** Environment variables for the emulator with which its functions call AWS through a proxy that can kill them. */
export const killableFunctions = (proxyEndpoint: string): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: proxyEndpoint,
  NODE_OPTIONS: `--require ${JSON.stringify(path.resolve('local/faults/dies-on-request.cjs'))}`,
  DIES_AT_HEADER: HEADER,
});

/** Answers a call so that the process that made it kills itself with SIGKILL. */
export const killCaller: Kill = (answer) => {
  answer.writeHead(200, { [HEADER]: 'now', connection: 'close' }).end();
};
