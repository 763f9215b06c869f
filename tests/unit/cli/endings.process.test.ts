/** The operator's command when its reader goes away, when it is interrupted, and on a machine with a wrong clock. */
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

beforeEach(() => stack.clear());

const environment = ({ endpoint }: StubStack, more: NodeJS.ProcessEnv = {}) => ({
  ...process.env,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  ...more,
});

/** Types a line in which `logistics` is the command; answers what is left on stderr, where the line says how the command ended. */
async function type(line: string, on = stack, env: NodeJS.ProcessEnv = {}) {
  const script = `logistics() { "${process.execPath}" "${BIN}" "$@"; echo "ended with $?" >&3; }\n${line}`;
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: environment(on, env),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '', ended: '' };
  for (const [place, name] of (['', 'stdout', 'stderr', 'ended'] as const).entries())
    if (name) child.stdio[place]?.on('data', (chunk) => (said[name] += chunk));
  await once(child, 'close');
  return said;
}

const visible = () => stack.messages.filter(({ visibleAt }) => visibleAt <= Date.now()).length;

describe('without a reader of stdout', () => {
  it.each(['send', 'send --no-check', 'send --rate 100000'])(
    '%s ends after the call under way, says how to go on, and ends with 1',
    async (command) => {
      const { stderr, ended } = await type(`logistics ${command} many.ndjson | true`);

      expect(ended).toBe('ended with 1\n');
      const [, next, again] =
        /ended before many\.ndjson:(\d+); the rest: tail -n \+\1 -- many\.ndjson \| npx \S+ logistics (.*) -\n/.exec(
          stderr,
        ) ?? [];
      expect(again).toBe(command);
      expect(stack.sent).toHaveLength(Number(next) - 1);
      expect(stack.sent.length).toBeLessThan(100);
    },
  );

  it('send is done when all is sent', async () => {
    const { ended } = await type('head -n 7 many.ndjson > few.ndjson; logistics send few.ndjson | true');

    expect(ended).toBe('ended with 0\n');
    expect(stack.sent).toHaveLength(7);
  });

  it('redrive gives back what it holds, says how to go on, and ends with 1', async () => {
    stack.fill(7);

    const { stderr, ended } = await type('logistics redrive status-updater | true');

    expect(ended).toBe('ended with 1\n');
    expect(stderr).toContain('ended early, and the rest is in the queue again: npx --no-install logistics redrive');
    expect(stack.invoked.length).toBeLessThan(7);
    expect(visible()).toBe(7 - stack.invoked.length);
  });

  it('queues gives back what it holds', async () => {
    stack.fill(7);

    expect((await type('logistics queues status-updater | true')).ended).toBe('ended with 0\n');

    expect(visible()).toBe(7);
  });

  it('and of stderr, the exit code still says it', async () => {
    stack.fill(7);

    const { ended } = await type('logistics redrive status-updater 2>&1 | true');

    expect(ended).toBe('ended with 1\n');
    expect(visible()).toBe(7 - stack.invoked.length);
  });

  // Linux alone has a device that is full.
  (existsSync('/dev/full') ? it : it.skip)('names what else keeps it from writing', async () => {
    stack.fill(7);

    const { stderr, ended } = await type('logistics queues status-updater > /dev/full');

    expect(stderr).toContain('stdout cannot be written: ENOSPC');
    expect(ended).toBe('ended with 1\n');
    expect(visible()).toBe(7);
  });
});

it('send refuses a folder as its standard input', async () => {
  const { stderr, ended } = await type('logistics send - < .');

  expect(stderr).toBe('stdin is a folder: give its files\n');
  expect(ended).toBe('ended with 1\n');
});

it('a repair that is refused gives back the message, and says why in one line', async () => {
  stack.fill(1);

  const { stderr, ended } = await type(`logistics repair ${stack.messages[0]?.id} --set detail.status=gone`);

  expect(stderr).toMatch(/^it would be refused as repaired: source must be a string$/m);
  expect(stderr).not.toContain('    at ');
  expect(ended).toBe('ended with 1\n');
  expect(visible()).toBe(1);
});

it.each(['send many.ndjson', 'redrive status-updater'])('%s is done when stderr has no reader', async (command) => {
  stack.fill(7);

  const { ended } = await type(`logistics ${command} 2> >(true)`);

  expect(ended).toBe('ended with 0\n');
  expect(stack.sent.length + stack.invoked.length).toBe(command.startsWith('send') ? 300 : 7);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s has queues give back what it holds', async (signal, code) => {
  stack.fill(200);
  const child = spawn(process.execPath, [BIN, 'queues', 'status-updater'], {
    env: environment(stack),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child.stdout, 'data');

  child.kill(signal);

  expect(await once(child, 'close')).toEqual([code, null]);
  expect(visible()).toBe(200);
});

it('a second SIGINT while the editor is open leaves no event behind', async () => {
  stack.fill(1);
  const TMPDIR = path.join(folder, 'tmp');
  mkdirSync(TMPDIR);
  const child = spawn(process.execPath, [BIN, 'repair', stack.messages[0]?.id ?? '', '--edit'], {
    env: environment(stack, { TMPDIR, VISUAL: 'echo open; read line; :' }),
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

describe.each([-10, 10])('on a machine whose clock is %d minutes off', (minutes) => {
  const clock = {
    NODE_OPTIONS: `--require ${path.resolve('tests/unit/cli/clock.cjs')}`,
    CLOCK_MINUTES: String(minutes),
  };
  const ids = (stdout: string) =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).message);

  it('queues shows every message, and discard finds one', async () => {
    stack.fill(12);
    const [first] = stack.messages;

    const { stdout } = await type('logistics queues status-updater --json', stack, clock);
    const { ended } = await type(`logistics discard ${first?.id} --reason x`, stack, clock);

    expect(ids(stdout)).toHaveLength(12);
    expect(ended).toBe('ended with 0\n');
    expect(stack.messages).toHaveLength(11);
  });

  it('redrive hands each event over once, though it fails again at once', async () => {
    const failing = await startStubStack(true);
    failing.fill(25);

    const { stdout } = await type('logistics redrive status-updater --json', failing, clock);

    expect(ids(stdout)).toHaveLength(25);
    expect(new Set(failing.invoked).size).toBe(25);
    expect(failing.invoked).toHaveLength(25);
    expect(failing.messages).toHaveLength(25);
  });
});
