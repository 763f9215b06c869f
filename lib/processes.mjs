/** Child processes that end, with their process groups, when this process is interrupted. */
import { spawn } from 'node:child_process';
import { until } from './until.mjs';
import { UserError } from './user-error.mjs';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A group that does not end by itself within this time is killed. */
const STOP_TIMEOUT_MS = 5_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let interrupted = false;

/**
 * Handles Ctrl-C, a closed terminal and a kill: ends the children, calls `cleanUp`, and ends this process.
 * @returns a function that removes these handlers
 */
export function onInterrupt(cleanUp = () => {}) {
  const handle = () => {
    interrupted = true;
    for (const child of running) signal(child, 'SIGTERM');
    cleanUp();
    process.exit(130);
  };
  for (const name of SIGNALS) process.once(name, handle);
  return () => {
    for (const name of SIGNALS) process.off(name, handle);
  };
}

/**
 * Ends a child that leads its process group, and the whole group.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function endGroup(child) {
  signal(child, 'SIGTERM');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  await until(hasEnded, STOP_TIMEOUT_MS, { everyMs: 50, otherwise: () => undefined });
  signal(child, 'SIGKILL');
}

/** Ends every command that {@link run} has started and that is still running. */
export const endRunning = () => Promise.all([...running].map(endGroup));

function signal({ pid }, name) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group is gone already.
  }
}

/**
 * Runs a command to its end. It leads a process group of its own, so that its children end with it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [settings]
 * @param {boolean} [settings.quiet] returns the output instead of printing it
 * @param {NodeJS.ProcessEnv} [settings.env]
 * @param {string} [settings.cwd]
 * @param {number} [settings.timeout] milliseconds until it is ended
 * @param {(kill: () => void) => void} [settings.onStarted] receives a function that kills the command
 * @returns {Promise<{code: number, stdout: string, stderr: string, output: string}>} `output` has stdout and stderr together
 * @throws UserError when the command cannot be started
 */
export function run(command, args, { quiet = false, env = process.env, cwd, timeout, onStarted } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd, env, timeout, stdio, detached: true });
    running.add(child);
    onStarted?.(() => child.kill('SIGKILL'));
    const printed = { stdout: '', stderr: '', output: '' };
    for (const name of ['stdout', 'stderr'])
      child[name]?.on('data', (chunk) => {
        printed[name] += chunk;
        printed.output += chunk;
      });
    child.once('error', (error) => {
      running.delete(child);
      const reason = error.code === 'ENOENT' ? 'it is not on the PATH' : error.message;
      reject(new UserError(`${command} cannot be started: ${reason}`));
    });
    child.once('close', (code) => {
      running.delete(child);
      if (!interrupted) resolve({ code: code ?? 1, ...printed });
    });
  });
}
