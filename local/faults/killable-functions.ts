import path from 'node:path';
import type { Kill } from './fault-proxy';

const HEADER = 'x-local-die';

/** Settings for the emulator under which its functions call AWS through a proxy, which can kill the process of any call. */
export const killableFunctions = (proxyEndpoint: string): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: proxyEndpoint,
  NODE_OPTIONS: `--require ${JSON.stringify(path.resolve('local/faults/dies-on-request.cjs'))}`,
  DIES_AT_HEADER: HEADER,
});

/** Answers a call so that the process that made it dies of SIGKILL. */
export const killCaller: Kill = (answer) => {
  answer.writeHead(200, { [HEADER]: 'now', connection: 'close' }).end();
};
