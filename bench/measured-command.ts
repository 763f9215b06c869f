import { spawn } from 'node:child_process';
import path from 'node:path';
import { localEnvironment } from '../local/environment';
import type { LocalStack } from '../local/stack';

interface Measured {
  readonly seconds: number;
  /** Of the command's own process, at its peak. */
  readonly megabytes: number;
  /** The last line of what it printed. */
  readonly last: string;
}

/**
 * Runs the operator's command on a stack.
 * @throws with what it said when it does not end with 0
 */
export async function measuredCommand(stack: LocalStack, ...args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ['--require', path.resolve('bench/peak-memory.cjs'), path.resolve('cli/logistics.mjs'), ...args],
    { env: localEnvironment(stack.endpoint), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [printed, said] = ['', ''];
  // A line for each of very many events: the last ones are enough.
  child.stdout.on('data', (chunk) => (printed = `${printed}${chunk}`.slice(-1_000)));
  child.stderr.on('data', (chunk) => (said = `${said}${chunk}`.slice(-10_000)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`logistics ${args.join(' ')} ended with ${code}: ${said}`);
  const kilobytes = Number(said.trim().split('\n').at(-1));
  return {
    seconds: (performance.now() - started) / 1_000,
    megabytes: kilobytes / 1_024,
    last: printed.trim().split('\n').at(-1) ?? '',
  };
}
