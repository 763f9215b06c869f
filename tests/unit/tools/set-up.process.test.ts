import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../../lib/until.mjs';
import { pipEnvironment } from '../../../tools/environment.mjs';
import { aJava, Machine, pythonWithPip, SUITABLE_PYTHON, WORKING_NPM } from './machine';

const SLOW_NPM = `#!/bin/sh
mkdir node_modules
sleep 600 &
echo "$! $$" > "$HOME/npm-processes"
wait
`;

const ENGINES = ['tools/test.mjs', '--selectProjects', 'engines'];

let machine: Machine;

beforeEach(() => {
  machine = new Machine();
});

afterEach(() => machine.remove());

const inClone = (...names: string[]) => path.join(machine.clone, ...names);

/** The complete tools, which have a stamp, and the lock. */
const tools = () =>
  existsSync(inClone('.tools'))
    ? readdirSync(inClone('.tools'))
        .filter((name) => name === 'setup.lock' || existsSync(inClone('.tools', name, '.stamp')))
        .sort()
    : [];

describe('set-up of a fresh clone', () => {
  it('prints each step, and nothing when nothing is missing', async () => {
    const first = await machine.setUp().ended;

    expect(first.output).toMatch(
      /^set-up 1\/3: npm packages … \d+ s\nset-up 2\/3: SAM \(Python\) … \d+ s\nset-up 3\/3: embedded AWS \(Python\) … \d+ s$/,
    );
    expect(first.code).toBe(0);
    expect(tools()).toEqual(['emulator', 'sam']);
    expect(await machine.setUp().ended).toEqual({ code: 0, output: '' });
  });

  it('leaves a linked node_modules alone', async () => {
    mkdirSync(path.join(machine.home, 'elsewhere'));
    symlinkSync(path.join(machine.home, 'elsewhere'), inClone('node_modules'));

    expect((await machine.setUp().ended).output).not.toContain('npm');
  });

  it.each([
    ['its pins have changed', () => writeFileSync(inClone('tools/requirements/sam.txt'), 'aws-sam-cli==0.0.0\n')],
    ['it is incomplete', () => rmSync(inClone('.tools/sam/.stamp'))],
    ['its Python is missing', () => rmSync(inClone('.tools/sam/bin/python'))],
  ])('rebuilds a Python environment when %s, and no other', async (_, change) => {
    await machine.setUp().ended;
    change();

    expect((await machine.setUp().ended).output).toMatch(/^set-up 1\/1: SAM \(Python\) … \d+ s$/);
  });

  it('installs only Python packages whose hash is committed', async () => {
    machine.install('python3', pythonWithPip('echo "$*" >> "$HOME/pip-calls"'));
    await machine.setUp().ended;
    const calls = readFileSync(path.join(machine.home, 'pip-calls'), 'utf8').trim().split('\n');
    const installs = calls.filter((call) => call.startsWith('-m pip install'));

    expect(installs).toHaveLength(2);
    for (const call of installs) expect(call).toMatch(/ --no-deps --require-hashes -r \S+\.txt$/);
  });
});

describe('on a Node older than 22.18', () => {
  it.each(['18.0.0', '22.17.1'])('%s: installs Node 24 and continues on it, first on the PATH', async (version) => {
    const { code, output } = await machine.setUp({}, version).ended;

    expect(output).toMatch(/^set-up 1\/1: Node 24 … \d+ s\nset-up 1\/3: npm packages/);
    expect(machine.environmentAfter()['PATH']).toMatch(inClone('.tools/node/bin'));
    expect(code).toBe(0);
  });

  it('names what to install when npm has no Node 24 for the machine', async () => {
    machine.install('npm', '#!/bin/sh\nmkdir node_modules\n');

    expect(await machine.setUp({}, '20.19.0').ended).toEqual({
      code: 1,
      output:
        'set-up 1/1: Node 24 … failed\nNode 20.19.0 is too old, and npm has no Node 24 for this machine: install Node 24 and run this again',
    });
    expect(tools()).toEqual([]);
  });
});

describe('the caller’s environment', () => {
  const CALLERS = {
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
    npm_config_registry: 'https://npm.example',
    PIP_USER: '1',
    PIP_TARGET: '/elsewhere',
    PIP_INDEX_URL: 'https://pypi.example',
    PYTHONPATH: '/elsewhere',
    https_proxy: 'http://proxy.example',
    AWS_PROFILE: 'prod',
    ESBUILD_BINARY_PATH: '/elsewhere',
  };

  const REMOVED = ['NODE_ENV', 'npm_config_omit', 'PIP_USER', 'PIP_TARGET', 'PYTHONPATH'];

  it('sets only where npm and pip download from, and nothing for later commands', async () => {
    machine.install('npm', `${WORKING_NPM}/usr/bin/env > "$HOME/npm-environment"\n`);
    machine.install('python3', pythonWithPip('/usr/bin/env > "$HOME/pip-environment"'));

    expect((await machine.setUp(CALLERS).ended).code).toBe(0);

    const environmentOf = (tool: string) => readFileSync(path.join(machine.home, `${tool}-environment`), 'utf8');
    const [npm, pip, after] = [environmentOf('npm'), environmentOf('pip'), machine.environmentAfter()];
    expect(npm).toMatch(/^npm_config_registry=https:\/\/npm\.example$/m);
    expect(npm).toMatch(/^https_proxy=http:\/\/proxy\.example$/m);
    expect(npm).toMatch(/^npm_config_include=dev$/m);
    expect(pip).toMatch(/^PIP_INDEX_URL=https:\/\/pypi\.example$/m);
    expect(pip).toMatch(/^PIP_CONFIG_FILE=\/dev\/null$/m);
    for (const name of REMOVED) expect(npm + pip).not.toMatch(new RegExp(`^${name}=`, 'm'));
    for (const name of [...REMOVED, 'AWS_PROFILE', 'ESBUILD_BINARY_PATH']) expect(after).not.toHaveProperty(name);
    expect(after['https_proxy']).toBe('http://127.0.0.1:9');
  });

  it('passes only the download settings of pip’s files to pip', () => {
    const settings = `global.index-url='https://files.example'
global.find-links='\\nhttps://one.example\\nhttps://two.example'
install.target='/elsewhere'
:env:.user='1'
`;

    expect(pipEnvironment({ PIP_INDEX_URL: 'https://mine.example' }, settings)).toEqual({
      PIP_INDEX_URL: 'https://mine.example',
      PIP_FIND_LINKS: ' https://one.example https://two.example',
      PIP_CONFIG_FILE: '/dev/null',
      PIP_QUIET: '1',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
    });
  });
});

const OTHER_PYTHON = (probe: string) => `#!/bin/sh\necho "${probe} $0"\n`;

const noPython = (found: string) =>
  `no Python 3.10 to 3.13 with its venv module found (found: ${found}): install one beside it (Debian and Ubuntu: apt install python3-venv) and run this again`;
const NO_JDK =
  'no JDK 17 or later found: install one (Debian and Ubuntu: apt install openjdk-17-jdk-headless) and run this again';
const NO_MAVEN = 'no Maven found: install it (Debian and Ubuntu: apt install maven) and run this again';

describe('a missing tool that the user must install', () => {
  it.each([
    ['Python', 'python3', undefined, noPython('none')],
    ['a newer Python', 'python3', OTHER_PYTHON('3 8 1'), noPython('3.8')],
    ['an older Python', 'python3', OTHER_PYTHON('3 14 1'), noPython('3.14')],
    ['venv', 'python3', OTHER_PYTHON('3 12 0'), noPython('3.12 without venv')],
    ['Java', 'java', undefined, NO_JDK],
    ['a newer JDK', 'java', aJava('jdk.compiler@11.0.2'), NO_JDK],
    ['a compiler beside the Java runtime', 'java', aJava('java.base@17.0.15'), NO_JDK],
    ['Maven', 'mvn', undefined, NO_MAVEN],
  ])('is named in one line: %s', async (_, command, script, message) => {
    machine.uninstall(command);
    if (script) machine.install(command, script);

    const { code, output } = await machine.node(ENGINES).ended;

    expect(output.split('\n').at(-1)).toBe(message);
    expect(code).toBe(1);
    // Java is checked before set-up.
    expect(tools()).not.toContain('sam');
  });

  it('is not Python when a supported one exists beside a newer one', async () => {
    machine.install('python3.10', SUITABLE_PYTHON.replace('3 11', '3 10'));
    machine.install('python3', OTHER_PYTHON('3 14 1'));

    expect((await machine.setUp().ended).code).toBe(0);
  });
});

describe('when a step fails', () => {
  it('reports npm without a network, and keeps the complete installations of others', async () => {
    machine.install('python3', pythonWithPip('sleep 1'));
    machine.uninstall('npm');
    const { stdout: npm } = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' });
    symlinkSync(npm.trim(), path.join(machine.home, 'bin/npm'));
    const { code, output } = await machine.setUp({
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_fetch_retries: '0',
      npm_config_cache: path.join(machine.home, 'cache'),
    }).ended;

    expect(output).toMatch(
      /npm packages … failed\nnpm ci failed \(.*ECONNREFUSED.*\): check the network and run this again$/,
    );
    expect(code).toBe(1);
    expect(tools()).toEqual(['emulator', 'sam']);
  });

  const ERROR = 'ERROR: No matching version';

  it.each([
    [
      'pip',
      'python3',
      pythonWithPip(`echo "${ERROR}" >&2; exit 1`),
      ['set-up.mjs'],
      `sam cannot be installed (${ERROR})`,
    ],
    [
      'Maven',
      'mvn',
      `#!/bin/sh\n[ "$1" = -version ] && exit\necho "[${ERROR}"\nexit 1\n`,
      ENGINES,
      `EventBridge's matcher cannot be installed ([${ERROR})`,
    ],
  ])('reports the error of %s', async (_, command, script, args, message) => {
    machine.install(command, script);

    const { code, output } = await machine.node(args).ended;

    expect(output).toContain(`failed\n${message}: check the network and run this again`);
    expect(code).toBe(1);
    expect(tools()).toEqual(command === 'mvn' ? ['sam'] : []);
  });
});

describe('the tests on AWS’s engines', () => {
  it.each(['http://10.0.0.7:8000', 'http://127.0.0.1'])(
    'refuse a DynamoDB Local that is not on this machine in one line: %s',
    async (endpoint) => {
      const output = `DYNAMODB_LOCAL is ${endpoint}: name an engine on this machine, like http://127.0.0.1:8000`;
      expect(await machine.node(ENGINES, { DYNAMODB_LOCAL: endpoint }).ended).toEqual({ code: 2, output });
    },
  );
});

describe('another set-up', () => {
  it('is not waited for when it ended without releasing the lock', async () => {
    mkdirSync(inClone('.tools'));
    // No process has this number.
    writeFileSync(inClone('.tools/setup.lock'), '4194999');

    expect((await machine.setUp().ended).code).toBe(0);
  });

  it('is waited for while it runs, and its work is not repeated', async () => {
    machine.install(
      'npm',
      '#!/bin/sh\necho called >> "$HOME/npm-calls"\nsleep 1\nmkdir -p node_modules\ncp package-lock.json node_modules/.package-lock.json\n',
    );
    const both = await Promise.all([machine.setUp().ended, machine.setUp().ended]);

    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ output }) => output).join('')).toContain('waiting for another set-up of this checkout');
    expect(readFileSync(path.join(machine.home, 'npm-calls'), 'utf8')).toBe('called\n');
  });

  it('keeps its lock when a waiting one is stopped with Ctrl-C', async () => {
    mkdirSync(inClone('.tools'));
    // The lock names this test's own process, which is running.
    writeFileSync(inClone('.tools/setup.lock'), String(process.pid));
    const { child, ended } = machine.setUp();
    child.stdout?.once('data', () => child.kill('SIGINT'));

    expect(await ended).toEqual({ code: 130, output: expect.stringContaining('waiting for another set-up') });
    expect(tools()).toEqual(['setup.lock']);
  });
});

describe('Ctrl-C', () => {
  it.each(['24.0.0', '20.19.0'])('on Node %s ends the installers and releases the lock', async (version) => {
    if (version !== '24.0.0') await machine.setUp({}, version).ended;
    rmSync(inClone('node_modules'), { recursive: true, force: true });
    machine.install('npm', SLOW_NPM);
    const { child, ended } = machine.setUp({}, version);
    const processes = path.join(machine.home, 'npm-processes');
    await until(async () => existsSync(processes) && readFileSync(processes, 'utf8') !== '');
    child.kill('SIGINT');

    expect((await ended).code).toBe(130);
    expect(tools()).not.toContain('setup.lock');
    const pids = readFileSync(processes, 'utf8').trim().split(' ').map(Number);
    await until(async () => !pids.some(isRunning));
  });
});

/** False for a zombie too: a process that has ended, and whose parent has not noticed. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !existsSync(`/proc/${pid}/stat`) || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
}

describe('a command line', () => {
  it.each([
    ['start', ['--help'], 0, 'npm start -- [--once] [--port N]'],
    ['start', ['--port', '70000'], 2, '--port is "70000": give a whole number from 0 to 65535'],
    ['start', ['--onec'], 2, "Unknown option '--onec'"],
    ['simulate', ['--faults', '31'], 2, '--faults is "31": give a whole number from 0 to 30, or events'],
    ['bench', ['wram'], 2, 'wram is not a topic: choose from cold, warm'],
  ])('%s %j is answered before set-up, on an old Node too', async (program, args, code, message) => {
    const ended = await machine.node(['tools/run.mjs', program, ...args], {}, '18.19.0').ended;

    expect(ended).toEqual({ code, output: expect.stringContaining(message) });
    expect(tools()).toEqual([]);
  });
});
