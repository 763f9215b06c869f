import { randomBytes } from 'node:crypto';
import { UserError } from '../lib/user-error.mjs';

/** Where the emulator listens when the functions are processes of this machine. */
export const LOOPBACK = '127.0.0.1';

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
 * @param host the address the emulator was bound to, which proves that it is this machine's
 * @throws UserError for an endpoint anywhere else
 */
export function localEnvironment(endpoint: string, host = LOOPBACK): NodeJS.ProcessEnv {
  const { hostname } = new URL(endpoint);
  if (hostname !== host) throw new UserError(`${endpoint} is not on this machine: nothing is deployed there`);
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
    no_proxy: `127.0.0.1,localhost,${hostname}`,
  };
}
