import { createProgram, type Register } from '../../../cli/program';

/**
 * Runs one command in this process.
 * @returns its output and exit code
 * @throws the command's error, with the output until then
 */
export async function run(register: Register, ...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((chunk) => {
      written[name] += chunk;
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await createProgram([register]).parseAsync(['--region', 'us-east-1', ...args], { from: 'user' });
    return { ...written, exitCode: process.exitCode };
  } catch (error) {
    throw Object.assign(error as Error, written);
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
