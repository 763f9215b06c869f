import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { npmStart } from '../../support/npm-start';
import { typed } from '../../support/operator';

const proxied: string[] = [];
let env: NodeJS.ProcessEnv;

/** An environment in which everything points to a proxy that listens, or to another AWS. */
beforeAll(async () => {
  const proxy = createServer((socket) => {
    socket.once('data', (asked) => {
      proxied.push(asked.toString().split('\r\n', 1)[0] ?? '');
      socket.destroy();
    });
  });
  stopAfterTests(async () => proxy.close());
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const config = path.join(temporaryFolder('config'), 'config');
  const elsewhere = ['use_fips_endpoint = true', 'use_dualstack_endpoint = true', `endpoint_url = ${url}`];
  writeFileSync(config, ['[default]', ...elsewhere, '[profile prod]', ...elsewhere].join('\n'));
  env = {
    ...process.env,
    ...{ http_proxy: url, HTTP_PROXY: url, HTTPS_PROXY: url, https_proxy: url, all_proxy: url, ALL_PROXY: url },
    ...{ no_proxy: 'example.com', NO_PROXY: 'example.com', npm_config_proxy: url, NODE_USE_ENV_PROXY: '1' },
    // Node 24 has an option for each process, and dies of an option that it does not know.
    ...(process.allowedNodeEnvironmentFlags.has('--use-env-proxy') && { NODE_OPTIONS: '--use-env-proxy' }),
    ...{ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_PROFILE: 'prod' },
    ...{ AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL_S3: url, AWS_ENDPOINT_URL_DYNAMODB: url },
    ...{ AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_SECRET_ACCESS_KEY: 'real', AWS_SESSION_TOKEN: 'real' },
  };
});

it('npm start stays on this machine in any environment, and its printed commands work as they are', async () => {
  const started = npmStart(env);
  stopAfterTests(started.stop);
  const output = await started.printed;
  const [, endpoint = ''] = /^ {2}export AWS_ENDPOINT_URL=(\S+)$/m.exec(output) ?? [];
  const printed = output.split('\n').filter((line) => /^ {2}(export|npx) /.test(line));
  const { code, stdout, stderr } = await typed(endpoint, ['set -e', ...printed].join('\n'), process.cwd(), env);

  expect(output).toContain('all as expected');
  expect(printed).toHaveLength(6);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toContain('SHP-1001');
  expect(proxied).toEqual([]);
}, 120_000);
