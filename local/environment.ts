import { randomBytes } from 'node:crypto';
import { UserError } from '../lib/user-error.mjs';

/** Where the emulator listens. */
export const LOOPBACK = '127.0.0.1';

/** The name under which containers find this machine. */
export const CONTAINERS_NAME = 'host.docker.internal';

export const REGION = 'us-east-1';

/** The access key of this process, unknown to AWS. An embedded AWS that this process starts accepts only calls signed with it. */
export const CREDENTIALS = {
  accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(20).toString('hex'),
};

/**
 * Environment variables that point every AWS client at the emulator. Set-up has removed from this process those that would override them.
 * @throws UserError for an endpoint that is not on this machine
 */
export function localEnvironment(endpoint: string): NodeJS.ProcessEnv {
  const { hostname } = new URL(endpoint);
  if (hostname !== LOOPBACK) throw new UserError(`${endpoint} is not on this machine: nothing is deployed there`);
  return {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    // Seconds between two polls of a deployment; SAM's default is five.
    SAM_CLI_POLL_DELAY: '0.1',
    // SAM calls its containers at localhost.
    no_proxy: '127.0.0.1,localhost',
  };
}
