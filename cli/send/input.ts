import { createReadStream, fstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { shellWord } from '../../contracts/shell';
import { UserError } from '../../lib/user-error.mjs';

export interface Input {
  readonly name: string;
  /** True when the input can be read twice, unlike a pipe. */
  readonly isFile: boolean;
  open(): AsyncIterable<Buffer>;
}

/**
 * @param name of a file, or `-` for stdin
 * @param closing closes stdin, whose next line may never come
 * @throws UserError when the input cannot be read
 */
export async function inputOf(name: string, closing: AbortSignal): Promise<Input> {
  if (name === '-') {
    // Node.js would read nothing from a folder, without an error.
    if (fstatSync(0).isDirectory()) throw new UserError('stdin is a folder: give its files');
    return { name: 'stdin', isFile: false, open: () => readStdin(closing) };
  }
  try {
    const found = await stat(name);
    if (found.isDirectory()) throw new UserError(`${shellWord(name)} is a folder: give its files`);
    return { name, isFile: found.isFile(), open: () => read(name) };
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function* readStdin(closing: AbortSignal): AsyncGenerator<Buffer> {
  closing.addEventListener('abort', () => process.stdin.destroy());
  try {
    yield* process.stdin;
  } catch (error) {
    if (!closing.aborted) throw error;
  }
}

async function* read(name: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(name);
  } catch (error) {
    throw unreadable(name, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
};

function unreadable(name: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return error;
  return new UserError(`${shellWord(name)} cannot be read: ${REASONS[String(error.code)] ?? error.message}`);
}
