/** A fresh clone in environments that usually break tools: set-up, `npm start` and `npx logistics` work. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { copyCheckout } from '../../../tools/checkout.mjs';
import { temporaryFolder } from '../../support/after-tests';

jest.setTimeout(900_000);

/** A fresh set-up downloads its tools. */
const TIMEOUT_MS = 600_000;

interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
}

/**
 * Runs a command to its end.
 * @returns its output
 * @throws with its output when it fails
 */
function run(command: readonly string[], { env, ...surroundings }: Surroundings = {}): string {
  const [file = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(file, args, {
    ...surroundings,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

/** Clones this checkout, with uncommitted changes. */
function clone(to: string, ...options: readonly string[]): void {
  const repository = `${to}-origin`;
  copyCheckout(repository);
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  run(['git', 'init', '--quiet'], { cwd: repository });
  run(['git', 'add', '--all'], { cwd: repository });
  run(['git', ...author, 'commit', '--quiet', '--message', 'all'], { cwd: repository });
  run(['git', 'clone', '--quiet', ...options, repository, to]);
}

/** Installs another Node, and npm if given, and returns a PATH on which they come first. */
function pathWith(folder: string, nodeVersion: string, npmVersion?: string): string {
  mkdirSync(folder, { recursive: true });
  const packages = [`node-${process.platform}-${process.arch}@${nodeVersion}`, npmVersion && `npm@${npmVersion}`];
  run(['npm', 'install', '--no-save', '--prefix', folder, ...packages.filter((name) => name !== undefined)]);
  return `${path.join(folder, 'node_modules/.bin')}${path.delimiter}${process.env['PATH']}`;
}

/** Environment variables of a home directory with the caller's npm and pip settings, followed by these. */
function homeWith(home: string, npmrc: string, pipConf: string): NodeJS.ProcessEnv {
  const settings = { '.npmrc': npmrc, '.config/pip/pip.conf': pipConf };
  for (const [file, added] of Object.entries(settings)) {
    const callersFile = path.join(os.homedir(), file);
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(
      path.join(home, file),
      `${existsSync(callersFile) ? readFileSync(callersFile, 'utf8') : ''}\n${added}\n`,
    );
  }
  return {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    // The caller's caches save downloads.
    npm_config_cache: path.join(os.homedir(), '.npm'),
    PIP_CACHE_DIR: path.join(os.homedir(), '.cache/pip'),
  };
}

const folder = temporaryFolder('environments');

const HELP = ['npx', '--no-install', 'logistics', '--help'];

describe('a clone with core.autocrlf, in a folder whose name is a pattern, with an old Node and hostile settings of npm, pip and Python', () => {
  const parent = path.join(folder, 'a[b]*{c}');
  const cwd = path.join(parent, 'clone');
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    clone(cwd, '--config', 'core.autocrlf=true');
    const botocore = path.join(folder, 'python/botocore');
    mkdirSync(botocore, { recursive: true });
    writeFileSync(path.join(botocore, '__init__.py'), 'raise ImportError("another botocore")\n');
    env = {
      ...homeWith(
        path.join(folder, 'home'),
        'omit[]=dev\nignore-scripts=true\nbin-links=false',
        '[install]\nuser = true\ntarget = elsewhere',
      ),
      PATH: pathWith(path.join(folder, 'node-18'), '18.20.8', '10.8.2'),
      NODE_ENV: 'production',
      npm_config_omit: 'dev',
      npm_config_package_lock: 'false',
      PIP_USER: '1',
      PIP_TARGET: path.join(folder, 'elsewhere'),
      PIP_NO_BINARY: ':all:',
      PYTHONPATH: path.join(folder, 'python'),
      PYTHONHOME: folder,
    };
  });

  it.each([
    [['npm', 'start', '--', '--once'], 'all as expected'],
    [['npm', 'run', 'check'], 'ok     types'],
    [['npm', 'run', 'test:unit', '--', '--listTests'], 'tests/unit/domain/version.test.ts'],
    [HELP, 'Usage: logistics'],
  ])('runs %j', (command, expected) => {
    const output = run(command, { cwd, env });

    expect(output).toContain(expected);
    // The AWS SDK warns when a later version will need a newer Node.
    expect(output).not.toMatch(/Warning|no longer support/);
  });

  it('runs npx logistics for another user, who may not write there', () => {
    const isRoot = process.getuid?.() === 0;
    for (const open of [folder, parent, cwd]) chmodSync(open, 0o755);
    if (!isRoot) run(['chmod', '-R', 'a-w', cwd]);
    const env = { HOME: '/nonexistent', npm_config_cache: path.join(folder, 'nowhere') };

    expect(run(HELP, { cwd, env, ...(isRoot && { uid: 65_534 }) })).toContain('Usage: logistics');

    if (!isRoot) run(['chmod', '-R', 'u+w', cwd]);
  });
});

it('passes the unit tests on Node 26', () => {
  const env = { PATH: pathWith(path.join(folder, 'node-26'), '26.12.1') };

  expect(() => run(['npm', 'run', 'test:unit'], { env })).not.toThrow();
});
