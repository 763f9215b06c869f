import { createInterface } from 'node:readline/promises';
import { UserError } from '../../lib/user-error.mjs';

/** Asks the operator a question. Ctrl-C and Ctrl-D give an empty answer. @throws UserError with the second text without a terminal */
export async function askOnTerminal(question: string, withoutTerminal: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UserError(withoutTerminal, 2);
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
