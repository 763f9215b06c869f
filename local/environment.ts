import { randomBytes } from 'node:crypto';
import { UserError } from '../lib/user-error.mjs';

/** Where the emulator listens. */
export const LOOPBACK = '127.0.0.1';

/** The name under which containers find this machine. */
export const CONTAINERS_NAME = 'host.docker.internal';

export const REGION = 'us-east-1';

/**
 * The access key of this start, which no AWS account knows: every embedded AWS that this process starts takes the calls that are signed
 * with it, and no others.
 */
export const CREDENTIALS = {
  accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(20).toString('hex'),
};

/**
 * The environment that points every AWS client at the emulator. Set-up has taken out of this process's what would point elsewhere.
 * @throws UserError for an endpoint anywhere else
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
    // Between two looks at a deployment, in seconds. SAM takes five, which AWS needs and this machine does not.
    SAM_CLI_POLL_DELAY: '0.1',
    // SAM asks its containers at localhost.
    no_proxy: '127.0.0.1,localhost',
  };
}
