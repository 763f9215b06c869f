import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { copyCheckout } from '../../../tools/copy-checkout.mjs';

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

/** Clones this checkout, with uncommitted changes. */
export function clone(to: string, ...options: readonly string[]): void {
  const repository = `${to}-origin`;
  copyCheckout(repository);
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  run(['git', 'init', '--quiet'], { cwd: repository });
  run(['git', 'add', '--all'], { cwd: repository });
  run(['git', ...author, 'commit', '--quiet', '--message', 'all'], { cwd: repository });
  run(['git', 'clone', '--quiet', ...options, repository, to]);
}

/** Installs another Node, and npm if given, and returns a PATH on which they come first. */
export function pathWith(folder: string, nodeVersion: string, npmVersion?: string): string {
  mkdirSync(folder, { recursive: true });
  const packages = [`node-${process.platform}-${process.arch}@${nodeVersion}`, npmVersion && `npm@${npmVersion}`];
  run(['npm', 'install', '--no-save', '--prefix', folder, ...packages.filter((name) => name !== undefined)]);
  return `${path.join(folder, 'node_modules/.bin')}${path.delimiter}${process.env['PATH']}`;
}

/** Environment variables of a home directory with the caller's npm and pip settings, followed by these. */
export function homeWith(home: string, npmrc: string, pipConf: string): NodeJS.ProcessEnv {
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
