import { spawnSync } from 'node:child_process';

/**
 * Runs a program in another language and returns its stdout.
 * @param input its stdin
 * @throws with its stderr when it fails
 */
export function ask(command: string, args: readonly string[], input: string, env: NodeJS.ProcessEnv = {}): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
    maxBuffer: 64 * 1_024 * 1_024,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.trim()}`);
  return stdout;
}
