/** `npx logistics`: what an operator does with a deployed stack, on AWS or local. */
import { CommanderError } from 'commander';
import { UserError } from '../lib/user-error.mjs';
import { COMMANDS } from './commands';
import { createProgram } from './program';
import { toUserError } from './target/aws-errors';
import { watchForEnding } from './terminal/ending';
import { sanitize } from './terminal/output';

watchForEnding();

createProgram(COMMANDS)
  .parseAsync()
  .catch((thrown: unknown) => {
    const error = toUserError(thrown);
    if (error instanceof UserError) {
      console.error(sanitize(error.message));
      process.exitCode ||= error.exitCode;
      return;
    }
    // Commander has said what is wrong; help and version are no errors.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    throw error;
  });
