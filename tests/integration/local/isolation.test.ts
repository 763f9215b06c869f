/** `npm start` and `npm test` as users run them: they reach only this machine, and leave nothing behind when stopped. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from '../../../lib/until.mjs';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { type CommandEnded, typed } from '../../support/operator';

/** TMPDIR of the runs, by which their processes are recognized. */
const temporary = realpathSync(temporaryFolder('isolation'));

/** Lines of `ps`, with the environment behind the command, for processes of the runs. */
const ownProcesses = () =>
  execFileSync('ps', [os.platform() === 'darwin' ? 'axEww' : 'axeww'], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter((line) => line.includes(temporary));

/** Runs `npm start` until it has printed `when` and `meanwhile` is done, then presses Ctrl-C. */
async function startAndStop(when: string, env: NodeJS.ProcessEnv = {}, meanwhile = async (_printed: string) => {}) {
  const child = spawn(process.execPath, ['tools/run.mjs', 'start'], {
    env: { ...process.env, ...env, TMPDIR: temporary },
  });
  stopAfterTests(async () => child.kill());
  const exit = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  await until(() => output.includes(when) || child.exitCode !== null, 100_000, { everyMs: 20 });
  await meanwhile(output);
  // Impatient users press it twice.
  for (const _ of [1, 2]) child.kill('SIGINT');
  const [code] = await exit;
  return { code, processes: ownProcesses(), files: readdirSync(temporary) };
}

it.each([
  ['it starts the embedded AWS', 'starting the embedded AWS'],
  ['it deploys', 'building and deploying'],
])(
  'npm start leaves no process and no file behind when stopped while %s',
  async (_, when) => {
    expect(await startAndStop(when)).toEqual({ code: 130, processes: [], files: [] });
  },
  120_000,
);

/** Environment variables that point everything to a proxy or to another AWS. */
function environmentPointingTo(url: string): NodeJS.ProcessEnv {
  const config = path.join(temporaryFolder('config'), 'config');
  const settings = ['use_fips_endpoint = true', 'use_dualstack_endpoint = true', `endpoint_url = ${url}`];
  writeFileSync(config, ['[default]', ...settings, '[profile prod]', ...settings].join('\n'));
  return {
    ...{ http_proxy: url, HTTP_PROXY: url, HTTPS_PROXY: url, https_proxy: url, all_proxy: url, ALL_PROXY: url },
    ...{ no_proxy: 'example.com', NO_PROXY: 'example.com', npm_config_proxy: url, NODE_USE_ENV_PROXY: '1' },
    // An older Node refuses to start with an option that it does not know.
    ...(process.allowedNodeEnvironmentFlags.has('--use-env-proxy') && { NODE_OPTIONS: '--use-env-proxy' }),
    ...{ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_PROFILE: 'prod' },
    ...{ AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL_S3: url, AWS_ENDPOINT_URL_DYNAMODB: url },
    ...{ AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_SECRET_ACCESS_KEY: 'real', AWS_SESSION_TOKEN: 'real' },
  };
}

it('npm start stays on this machine in a hostile environment, prints commands that work, and leaves nothing behind', async () => {
  const proxiedRequests: string[] = [];
  const proxy = createServer((socket) => {
    socket.once('data', (data) => {
      proxiedRequests.push(data.toString().split('\r\n', 1)[0] ?? '');
      socket.destroy();
    });
  });
  stopAfterTests(async () => proxy.close());
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const env = environmentPointingTo(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  let [output, commands] = ['', [] as string[]];
  let result: CommandEnded | undefined;

  const remains = await startAndStop('Stop it with Ctrl-C', env, async (printed) => {
    output = printed;
    commands = printed.split('\n').filter((line) => /^ {2}(export|npx) /.test(line));
    const [, endpoint = ''] = /^ {2}export AWS_ENDPOINT_URL=(\S+)$/m.exec(printed) ?? [];
    result = await typed(endpoint, ['set -e', ...commands].join('\n'), process.cwd(), { ...process.env, ...env });
  });

  expect(output).toContain('all as expected');
  expect(commands).toHaveLength(6);
  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('SHP-1001') });
  expect(proxiedRequests).toEqual([]);
  expect(remains).toEqual({ code: 0, processes: [], files: [] });
}, 120_000);

it('npm test leaves no embedded AWS and no folder of it behind when ended by a signal', async () => {
  const child = spawn(process.execPath, ['tools/test.mjs', 'events/pipeline'], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: 'ignore',
  });
  const exit = once(child, 'close');
  await until(async () => ownProcesses().some((line) => line.includes('launcher.py')), 60_000);
  child.kill('SIGTERM');

  expect(await exit).toEqual([130, null]);
  const folders = () => readdirSync(temporary).filter((name) => name.startsWith('logistics-local-'));
  await until(async () => ownProcesses().length === 0 && folders().length === 0, 20_000);
}, 120_000);
