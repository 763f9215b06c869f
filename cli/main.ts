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
    // Commander has printed the error already. Its exit code is 0 for help.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    throw error;
  });
