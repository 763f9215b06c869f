import { createProgram, type Register } from '../../../cli/program';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: string | number | undefined;
}

/**
 * Runs one command in this process, with whatever AWS clients the test has replaced.
 * @throws what the command throws, with what was written until then
 */
export async function run(register: Register, ...args: string[]): Promise<Ended> {
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

/** The lines of `--json`. */
export const jsonLines = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
