import path from 'node:path';
import { run } from '../lib/processes.mjs';
import { localEnvironment } from '../local/environment';
import type { LocalStack } from '../local/stack';

/** Runs the operator's command on a stack. @throws Error with its stderr when its exit code is not 0 */
export async function measuredCommand(stack: LocalStack, ...args: readonly string[]) {
  const started = performance.now();
  const { code, stdout, stderr } = await run(
    process.execPath,
    ['--require', path.resolve('bench/peak-memory.cjs'), path.resolve('cli/logistics.mjs'), ...args],
    { env: localEnvironment(stack.endpoint), quiet: true },
  );
  if (code !== 0) throw new Error(`logistics ${args.join(' ')} ended with ${code}: ${stderr}`);
  const seconds = (performance.now() - started) / 1_000;
  const kilobytes = Number(stderr.trim().split('\n').at(-1));
  return { seconds, megabytes: kilobytes / 1_024, stdout };
}
