import { createInterface } from 'node:readline/promises';
import { UserError } from '../../lib/user-error.mjs';

/**
 * Puts a question to the operator. Ctrl-C and Ctrl-D are an empty answer.
 * @param unasked says what to do without a terminal
 * @throws UserError when there is no terminal
 */
export async function askOnTerminal(question: string, unasked: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UserError(unasked, 2);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
      return '';
    });
  } finally {
    terminal.close();
  }
}
