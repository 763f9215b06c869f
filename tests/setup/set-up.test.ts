import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Machine, PYTHON_THAT_FITS } from './machine';

const SLOW_NPM = `#!/bin/sh
echo called >> "$HOME/npm-calls"
sleep 600 &
echo "$! $$" > "$HOME/npm-processes"
wait
`;

let machine: Machine;

beforeEach(() => {
  machine = new Machine();
});

afterEach(() => machine.remove());

const inClone = (...names: string[]) => path.join(machine.clone, ...names);

/** What an interrupted or failed set-up must not leave in the tools' folder. */
const leftovers = () =>
  existsSync(inClone('.tools'))
    ? readdirSync(inClone('.tools')).filter((name) => name.endsWith('.tmp') || name.endsWith('.lock'))
    : [];

const environments = (tool: string) => readdirSync(inClone('.tools')).filter((name) => name.startsWith(`${tool}-`));

const npmCalls = () => readFileSync(path.join(machine.home, 'npm-calls'), 'utf8').trim().split('\n').length;

describe('set-up of a fresh clone', () => {
  it('says what it does, once', async () => {
    const first = await machine.setUp().ended;
    expect(first.code).toBe(0);
    expect(first.output).toMatch(
      /set-up 1\/3: npm packages … \d+ MB in \d+ s\nset-up 2\/3: sam .*\nset-up 3\/3: emulator/,
    );
    expect(leftovers()).toEqual([]);
    expect(await machine.setUp().ended).toEqual({ code: 0, output: '' });
  });

  it('leaves a linked node_modules alone', async () => {
    mkdirSync(path.join(machine.home, 'elsewhere'));
    symlinkSync(path.join(machine.home, 'elsewhere'), inClone('node_modules'));
    const { code, output } = await machine.setUp().ended;
    expect(code).toBe(0);
    expect(output).not.toContain('npm');
  });

  it('builds an environment anew when its pins have changed, and removes the old one', async () => {
    await machine.setUp().ended;
    writeFileSync(inClone('tools/requirements/sam.txt'), 'aws-sam-cli==0.0.0\n');
    const { output } = await machine.setUp().ended;
    expect(output).toMatch(/^set-up 1\/1: sam/);
    expect(environments('sam')).toHaveLength(1);
  });

  it('installs no Python package without the hash that is committed', async () => {
    machine.install(
      'python3',
      PYTHON_THAT_FITS.replace("'#!/bin/sh\\n'", '\'#!/bin/sh\\necho "$*" >> "$HOME/pip-calls"\\n\''),
    );
    await machine.setUp().ended;
    const calls = readFileSync(path.join(machine.home, 'pip-calls'), 'utf8').trim().split('\n');
    expect(calls).toHaveLength(2);
    for (const call of calls) expect(call).toMatch(/ --no-deps --require-hashes -r \S+\.txt$/);
  });

  it('leaves the environments of another Python: somebody may be using them', async () => {
    await machine.setUp().ended;
    const before = environments('sam');
    machine.install('python3.12', PYTHON_THAT_FITS.replace('3 11', '3 12'));
    const { output } = await machine.setUp().ended;
    expect(output).toContain('sam (Python 3.12)');
    expect(environments('sam')).toEqual([...before, expect.stringMatching(/^sam-python3\.12-/)]);
  });
});

describe('without a Python that fits', () => {
  it.each([
    ['none', undefined, 'no Python found: install Python 3.10 to 3.13 and run this again\n'],
    ['too old', '3 8 1', 'only Python 3.8 found: install Python 3.10 to 3.13 beside it and run this again\n'],
    ['too new', '3 14 1', 'only Python 3.14 found: install Python 3.10 to 3.13 beside it and run this again\n'],
    [
      'no venv module',
      '3 12 0',
      'Python 3.12 has no venv module: install it (Debian and Ubuntu: apt install python3-venv) and run this again\n',
    ],
  ])('%s: one line says what to install', async (_, probe, message) => {
    if (probe) machine.install('python3', `#!/bin/sh\necho "${probe} $0"\n`);
    else machine.uninstall('python3');
    expect(await machine.setUp().ended).toEqual({ code: 1, output: message });
  });

  it.each(['start', 'simulate', 'sam-local', 'test-page'])('scripts/%s.mjs ends with 1', async (name) => {
    machine.uninstall('python3');
    const { code, output } = await machine.node([`scripts/${name}.mjs`]).ended;
    expect(output).toContain('no Python found');
    expect(code).toBe(1);
  });

  it('takes an older one that fits before a newer that does not', async () => {
    machine.install('python3.10', '#!/bin/sh\n[ "$1" = -c ] && echo "3 10 1 $0" && exit\nexit 1\n');
    machine.install('python3', '#!/bin/sh\necho "3 14 1 $0"\n');
    expect((await machine.setUp().ended).output).toContain('sam (Python 3.10)');
  });
});

describe('when a step fails', () => {
  it('says so when the network is missing, and leaves nothing half-done', async () => {
    machine.uninstall('npm');
    symlinkSync(path.join(path.dirname(process.execPath), 'npm'), path.join(machine.home, 'bin/npm'));
    const { code, output } = await machine.setUp({
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_fetch_retries: '0',
      npm_config_cache: path.join(machine.home, 'cache'),
    }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(
      /npm packages … failed\nnpm ci failed \(.*ECONNREFUSED.*\): check the network and run this again\n$/,
    );
    expect(leftovers()).toEqual([]);
    expect(existsSync(inClone('node_modules'))).toBe(false);
  });

  it('says so when a Python tool cannot be installed', async () => {
    machine.install(
      'python3',
      `#!/bin/sh
if [ "$1" = -c ]; then echo "3 11 1 $0"; exit; fi
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "ERROR: No matching distribution found for aws-sam-cli" >&2; exit 1\\n' > "$3/bin/python"
chmod +x "$3/bin/python"
`,
    );
    const { code, output } = await machine.setUp().ended;
    expect(code).toBe(1);
    expect(output).toContain(
      'sam cannot be installed (ERROR: No matching distribution found for aws-sam-cli): check the network',
    );
    expect(leftovers()).toEqual([]);
  });
});

describe('another set-up', () => {
  it('that was cut off half-way is cleared away', async () => {
    mkdirSync(inClone('.tools/npm-1.tmp/node_modules'), { recursive: true });
    // No process has this number: the set-up that held the lock is gone.
    writeFileSync(inClone('.tools/setup.lock'), '4194999');
    expect((await machine.setUp().ended).code).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  it('that is under way is waited for, and its work is not done twice', async () => {
    machine.install(
      'npm',
      '#!/bin/sh\necho called >> "$HOME/npm-calls"\nsleep 1\nmkdir -p node_modules\ncp package-lock.json node_modules/.package-lock.json\n',
    );
    const both = await Promise.all([machine.setUp().ended, machine.setUp().ended]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ output }) => output).join('')).toContain('waiting for another set-up of this checkout');
    expect(npmCalls()).toBe(1);
  });

  it('that is under way keeps its half-built folders when one that waits for it is stopped with Ctrl-C', async () => {
    mkdirSync(inClone('.tools/npm-1.tmp'), { recursive: true });
    // This test's own process holds the lock, as a set-up under way does.
    writeFileSync(inClone('.tools/setup.lock'), String(process.pid));
    const { child, ended } = machine.setUp();
    child.stdout?.once('data', () => child.kill('SIGINT'));

    expect(await ended).toEqual({ code: 130, output: expect.stringContaining('waiting for another set-up') });
    expect(leftovers()).toEqual(['npm-1.tmp', 'setup.lock']);
  });
});

describe('Ctrl-C', () => {
  it('ends what was started and leaves nothing half-done', async () => {
    machine.install('npm', SLOW_NPM);
    const { child, ended } = machine.setUp();
    const processes = path.join(machine.home, 'npm-processes');
    while (!existsSync(processes) || readFileSync(processes, 'utf8') === '') await sleep(20);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(leftovers()).toEqual([]);
    await sleep(200);
    for (const pid of readFileSync(processes, 'utf8').trim().split(' ')) expect(isRunning(Number(pid))).toBe(false);
  });
});

/** A process that has ended but was not yet taken note of is a zombie, and no longer runs. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !existsSync(`/proc/${pid}/stat`) || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
}

describe('the command line of npm start', () => {
  it.each([
    [['--help'], 0, 'npm start -- [--once] [--port N]'],
    [['--port', 'x'], 2, '--port is "x": give a number from 1 to 65535'],
    [['--port', '70000'], 2, '--port is "70000": give a number from 1 to 65535'],
    [['--onec'], 2, "Unknown option '--onec'"],
  ])('%j is answered before anything is set up', async (args, code, message) => {
    const ended = await machine.node(['scripts/start.mjs', ...args]).ended;
    expect(ended).toEqual({ code, output: expect.stringContaining(message) });
    expect(existsSync(inClone('.tools'))).toBe(false);
  });
});
