import { Trouble } from './trouble';

/** Where the emulator listens when the functions are processes of this machine. */
export const LOOPBACK = '127.0.0.1';

export const REGION = 'us-east-1';

/** Credentials that no AWS account knows. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * The caller's environment without any of AWS's variables (somebody will run this with AWS_PROFILE=prod), pointing every AWS client
 * at the emulator.
 * @param host the address the emulator was bound to, which proves that it is this machine's
 * @throws Trouble for an endpoint anywhere else
 */
export function localEnvironment(endpoint: string, host = LOOPBACK): NodeJS.ProcessEnv {
  const { hostname } = new URL(endpoint);
  if (hostname !== host) throw new Trouble(`${endpoint} is not on this machine: nothing is deployed there`);
  const callers = Object.entries(process.env).filter(([name]) => !/^(AWS|SAM|BOTO)_/i.test(name));
  return {
    ...Object.fromEntries(callers),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    SAM_CLI_TELEMETRY: '0',
    // Between two looks at a deployment, in seconds. SAM takes five, which AWS needs and this machine does not.
    SAM_CLI_POLL_DELAY: '0.1',
    NO_PROXY: hostname,
  };
}

/** The tools' Pythons are found by set-up, which the command that started this ran first. */
export function toolPython(variable: 'SAM_PYTHON' | 'EMULATOR_PYTHON' | 'RULE_PACKS_PYTHON'): string {
  const python = process.env[variable];
  if (!python) throw new Trouble(`${variable} is not set: start this by a script of package.json, like \`npm test\``);
  return python;
}
