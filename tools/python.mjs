import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';

const MINORS = [13, 12, 11, 10];

const PROBE = `import sys
try:
    import venv, ensurepip
    whole = 1
except ImportError:
    whole = 0
print(sys.version_info[0], sys.version_info[1], whole, sys.executable)`;

function* candidates() {
  yield* MINORS.map((minor) => `python3.${minor}`);
  yield 'python3';
  const pyenv = path.join(process.env.PYENV_ROOT ?? path.join(os.homedir(), '.pyenv'), 'versions');
  if (existsSync(pyenv)) yield* readdirSync(pyenv).map((version) => path.join(pyenv, version, 'bin/python3'));
  const uv = spawnSync('uv', ['python', 'find', '>=3.10,<3.14'], { encoding: 'utf8' });
  if (uv.status === 0) yield uv.stdout.trim();
}

/**
 * @returns {string} the executable of a Python 3.10 to 3.13 with its venv module
 * @throws UserError with what was found instead, and what to install
 */
export function findPython() {
  const others = new Set();
  for (const command of candidates()) {
    const { status, stdout } = spawnSync(command, ['-c', PROBE], { encoding: 'utf8', timeout: 20_000 });
    if (status !== 0) continue;
    const [major, minor, whole, ...executable] = stdout.trim().split(' ');
    if (major === '3' && MINORS.includes(Number(minor)) && whole === '1') return executable.join(' ');
    others.add(`${major}.${minor}${whole === '1' ? '' : ' without venv'}`);
  }
  throw new UserError(
    `no Python 3.${Math.min(...MINORS)} to 3.${Math.max(...MINORS)} with its venv module found (found: ${[...others].join(', ') || 'none'}): ` +
      'install one beside it (Debian and Ubuntu: apt install python3-venv) and run this again',
  );
}
