import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { copyCheckout } from '../../../tools/copy-checkout.mjs';

/** Everything here is long: a fresh set-up downloads. */
const TIMEOUT_MS = 600_000;

interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
}

/**
 * Runs a command to its end.
 * @returns what it printed
 * @throws with that unless the command succeeds
 */
export function run(command: readonly string[], { env, ...surroundings }: Surroundings = {}): string {
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

/** Clones this checkout's files as they are, committed or not. */
export function clone(to: string, ...options: readonly string[]): void {
  const repository = `${to}-origin`;
  copyCheckout(repository);
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  run(['git', 'init', '--quiet'], { cwd: repository });
  run(['git', 'add', '--all'], { cwd: repository });
  run(['git', ...author, 'commit', '--quiet', '--message', 'all'], { cwd: repository });
  run(['git', 'clone', '--quiet', ...options, repository, to]);
}

/** A PATH on which another Node, and if given another npm, come first. */
export function pathWith(folder: string, nodeVersion: string, npmVersion?: string): string {
  mkdirSync(folder, { recursive: true });
  const packages = [`node-${process.platform}-${process.arch}@${nodeVersion}`, npmVersion && `npm@${npmVersion}`];
  run(['npm', 'install', '--no-save', '--prefix', folder, ...packages.filter((name) => name !== undefined)]);
  return `${path.join(folder, 'node_modules/.bin')}${path.delimiter}${process.env['PATH']}`;
}

/** A home whose settings of npm and pip are the caller's with these after them. */
export function homeWith(home: string, npmrc: string, pipConf: string): NodeJS.ProcessEnv {
  const settings = { '.npmrc': npmrc, '.config/pip/pip.conf': pipConf };
  for (const [file, added] of Object.entries(settings)) {
    const callers = path.join(os.homedir(), file);
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), `${existsSync(callers) ? readFileSync(callers, 'utf8') : ''}\n${added}\n`);
  }
  return {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    // What was downloaded once need not be downloaded again.
    npm_config_cache: path.join(os.homedir(), '.npm'),
    PIP_CACHE_DIR: path.join(os.homedir(), '.cache/pip'),
  };
}
