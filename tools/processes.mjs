/** Child processes that end, with their groups, when this one is interrupted. */
import { spawn } from 'node:child_process';
import { UserError } from '../lib/user-error.mjs';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const running = new Set();
let interrupted = false;

/**
 * Ctrl-C, a closed terminal or a kill: the children end first, then `cleanUp`, then this process.
 * @returns a function that takes the handlers off again
 */
export function onInterrupt(cleanUp = () => {}) {
  const handle = () => {
    interrupted = true;
    for (const child of running) endGroup(child);
    cleanUp();
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, handle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
}

/** A child leads a process group of its own, so that what it started ends with it. */
function endGroup(child) {
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // The group is gone already.
  }
}

/**
 * Runs a command to its end.
 * @returns {Promise<{code: number, output: string}>} with stdout and stderr together when `quiet`; else they go to the terminal
 * @throws UserError when the command cannot be started
 */
export function run(command, args, { quiet = false, env = process.env, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd, env, stdio, detached: true });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => {
      running.delete(child);
      const reason = error.code === 'ENOENT' ? 'it is not on the PATH' : error.message;
      reject(new UserError(`${command} cannot be started: ${reason}`));
    });
    child.once('close', (code) => {
      running.delete(child);
      if (!interrupted) resolve({ code: code ?? 1, output });
    });
  });
}
