/** The operator's command when its reader goes away and when it is interrupted: what only a process of its own can show. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../../lib/until.mjs';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { type StubStack, startStubStack } from './stub-stack';

jest.setTimeout(60_000);

const BIN = path.resolve('cli/logistics.mjs');
const folder = temporaryFolder('endings');

let stack: StubStack;

beforeAll(async () => {
  stack = await startStubStack();
  const event = (line: number) => ({
    source: 'logistics.shipment',
    'detail-type': 'Shipment Created',
    detail: { shipment_id: `SHP-${line}` },
  });
  const lines = Array.from({ length: 300 }, (_, line) => `${JSON.stringify(event(line + 1))}\n`);
  writeFileSync(path.join(folder, 'many.ndjson'), lines.join(''));
});

beforeEach(() => {
  stack.clear();
  stack.fill(7);
});

const environment = (more: NodeJS.ProcessEnv = {}) => ({
  ...process.env,
  AWS_ENDPOINT_URL: stack.endpoint,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  ID: stack.messages[0]?.id,
  ...more,
});

/** Types a line in which `logistics` is the command; answers what is left on stderr, and how the command ended. */
async function type(line: string) {
  const script = `logistics() { "${process.execPath}" "${BIN}" "$@"; echo "ended with $?" >&3; }\n${line}`;
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const said = { stderr: '', ended: '' };
  child.stderr?.on('data', (chunk) => (said.stderr += chunk));
  child.stdio[3]?.on('data', (chunk) => (said.ended += chunk));
  await once(child, 'close');
  return said;
}

const visible = () => stack.messages.filter(({ visibleAt }) => visibleAt <= Date.now()).length;

describe('without a reader of stdout', () => {
  it('send ends after the call under way, says how to go on, and ends with 1', async () => {
    const { stderr, ended } = await type('logistics send --no-check --rate 100000 many.ndjson | true');

    expect(ended).toBe('ended with 1\n');
    const [, next] =
      /ended before many\.ndjson:(\d+); the rest: tail -n \+\1 -- many\.ndjson \| npx \S+ logistics send --no-check --rate 100000 -\n/.exec(
        stderr,
      ) ?? [];
    expect(stack.sent).toHaveLength(Number(next) - 1);
    expect(stack.sent.length).toBeLessThan(100);
  });

  it('send is done when all is sent', async () => {
    const { ended } = await type('head -n 7 many.ndjson > few.ndjson; logistics send few.ndjson | true');

    expect(ended).toBe('ended with 0\n');
    expect(stack.sent).toHaveLength(7);
  });

  it.each(['', '2>&1'])('redrive gives back what it holds, and ends with 1 (%s)', async (toTheSame) => {
    const { stderr, ended } = await type(`logistics redrive status-updater ${toTheSame} | true`);

    expect(ended).toBe('ended with 1\n');
    if (!toTheSame)
      expect(stderr).toContain('ended early, and the rest is in the queue again: npx --no-install logistics redrive');
    expect(stack.invoked.length).toBeLessThan(7);
    expect(visible()).toBe(7 - stack.invoked.length);
  });

  it('queues gives back what it holds', async () => {
    expect((await type('logistics queues status-updater | true')).ended).toBe('ended with 0\n');

    expect(visible()).toBe(7);
  });

  // Linux alone has a device that is full.
  (existsSync('/dev/full') ? it : it.skip)('names what else keeps it from writing', async () => {
    const { stderr, ended } = await type('logistics queues status-updater > /dev/full');

    expect(stderr).toContain('stdout cannot be written: ENOSPC');
    expect(ended).toBe('ended with 1\n');
    expect(visible()).toBe(7);
  });
});

it('send is done when stderr has no reader', async () => {
  const { ended } = await type('logistics send many.ndjson 2> >(true)');

  expect(ended).toBe('ended with 0\n');
  expect(stack.sent).toHaveLength(300);
});

const ON_AWS = 'AWS_ENDPOINT_URL= AWS_REGION=us-east-1';

it.each([
  ['logistics send - < .', /^stdin is a folder: give its files$/, 1],
  ['EDITOR=rm logistics repair $ID --edit', /^the event cannot be edited: ENOENT: .*$/, 1],
  [
    `${ON_AWS} AWS_ENDPOINT_URL_DYNAMODB=127.0.0.1:9 logistics errors`,
    /^AWS cannot be called with these settings: .* \(Invalid URL\)$/,
    1,
  ],
  [
    `${ON_AWS} AWS_ACCESS_KEY_ID= AWS_WEB_IDENTITY_TOKEN_FILE=/absent AWS_ROLE_ARN=arn:aws:iam::1:role/r logistics errors`,
    /^AWS cannot be called with these settings: .* \(ENOENT: .* '\/absent'\)$/,
    1,
  ],
  ["logistics discard m-1 --reason $'Z\\xfcrich'", /^error: option '--reason .* is not UTF-8, or has U\+FFFD\.$/, 2],
])('%s is refused in one line', async (line, said, code) => {
  const { stderr, ended } = await type(line);

  expect(stderr.split('\n')).toContainEqual(expect.stringMatching(said));
  expect(stderr).not.toContain('    at ');
  expect(ended).toBe(`ended with ${code}\n`);
});

it.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s has queues give back what it holds', async (signal, code) => {
  stack.fill(200);
  const child = spawn(process.execPath, [BIN, 'queues', 'status-updater'], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child.stdout, 'data');

  child.kill(signal);

  expect(await once(child, 'close')).toEqual([code, null]);
  expect(visible()).toBe(207);
});

it('a second SIGINT while the editor is open leaves no event behind', async () => {
  const TMPDIR = path.join(folder, 'tmp');
  mkdirSync(TMPDIR);
  const child = spawn(process.execPath, [BIN, 'repair', stack.messages[0]?.id ?? '', '--edit'], {
    env: environment({ TMPDIR, VISUAL: 'echo open; read line; :' }),
  });
  // The editor outlives the command, until its stdin ends.
  stopAfterTests(async () => void child.stdin.end());
  await once(child.stdout, 'data');
  const [edited = ''] = readdirSync(TMPDIR);
  expect(existsSync(path.join(TMPDIR, edited, 'event.json'))).toBe(true);

  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  child.kill('SIGINT');
  await until(async () => said.includes('once more ends at once'));
  child.kill('SIGINT');

  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(readdirSync(TMPDIR)).toEqual([]);
});
