import { COMMANDS } from '../../../cli/commands';
import { createProgram } from '../../../cli/program';
import { jsonLines } from '../../support/json-lines';

/**
 * Runs a command line in this process.
 * @param line words, split at spaces
 * @param words further words, which may have spaces
 * @returns its output, with rows when it has `--json`, and its exit code
 * @throws the command's error, with the output until then
 */
export async function run(line: string, ...words: string[]) {
  const args = ['--region', 'us-east-1', ...line.split(' '), ...words];
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((chunk) => {
      written[name] += chunk;
      return true;
    }),
  );
  const output = () => ({ ...written, rows: args.includes('--json') ? jsonLines(written.stdout) : [] });
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await createProgram(COMMANDS).parseAsync(args, { from: 'user' });
    return { ...output(), exitCode: process.exitCode };
  } catch (error) {
    throw Object.assign(error as Error, output());
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
