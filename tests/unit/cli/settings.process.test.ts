/** Settings of this machine under which nothing can be done: each is one line, and no stack trace. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../support/after-tests';

const BIN = path.resolve('cli/logistics.mjs');

const config = path.join(temporaryFolder('settings'), 'config');

writeFileSync(config, '[default]\nsso_session=x\nsso_account_id=1\nsso_role_name=r\n');

const isProxySupported = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');

const PROXY: [NodeJS.ProcessEnv, string][] = [[{ HTTPS_PROXY: 'garbage:::' }, 'HTTPS_PROXY is no URL: give one like']];

const CANNOT = 'AWS cannot be called as it is set: check the AWS_ variables, the profile and the proxy (';

it.each<[NodeJS.ProcessEnv, string]>([
  [{ AWS_DEFAULTS_MODE: 'bad' }, `${CANNOT}Invalid parameter for "defaultsMode"`],
  [{ AWS_ENDPOINT_URL_DYNAMODB: '127.0.0.1:41339' }, `${CANNOT}Invalid URL)`],
  [{ AWS_ACCOUNT_ID_ENDPOINT_MODE: 'required' }, `${CANNOT}AccountIdEndpointMode is required`],
  [{ AWS_ACCESS_KEY_ID: '', AWS_CONTAINER_CREDENTIALS_FULL_URI: 'garbage' }, `${CANNOT}Invalid URL)`],
  [
    { AWS_ACCESS_KEY_ID: '', AWS_WEB_IDENTITY_TOKEN_FILE: '/absent', AWS_ROLE_ARN: 'arn:aws:iam::1:role/r' },
    `${CANNOT}ENOENT: no such file or directory, open '/absent')`,
  ],
  [{ AWS_ACCESS_KEY_ID: '', AWS_CONFIG_FILE: config }, CANNOT],
  [{ AWS_CA_BUNDLE: '/absent.pem' }, 'AWS_CA_BUNDLE cannot be read: ENOENT'],
  ...(isProxySupported ? PROXY : []),
])('%j', (settings, said) => {
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'errors', '--region', 'us-east-1'], {
    env: {
      PATH: process.env['PATH'],
      AWS_ACCESS_KEY_ID: 'AKIAX',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      ...settings,
    },
    encoding: 'utf8',
  });

  expect(stderr).toContain(said);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(1);
});
