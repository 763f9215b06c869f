/** `npx logistics`: what an operator does with a deployed stack, on AWS or local. */
import { UserError } from '../lib/user-error.mjs';
import { register as conformance } from './commands/conformance';
import { register as correct } from './commands/correct';
import { register as discard } from './commands/discard';
import { register as doctor } from './commands/doctor';
import { register as errors } from './commands/errors';
import { register as list } from './commands/list';
import { register as queues } from './commands/queues';
import { register as rebuild } from './commands/rebuild';
import { register as redact } from './commands/redact';
import { register as redrive } from './commands/redrive';
import { register as repair } from './commands/repair';
import { register as replay } from './commands/replay';
import { register as republish } from './commands/republish';
import { register as send } from './commands/send';
import { register as smoke } from './commands/smoke';
import { register as teardown } from './commands/teardown';
import { register as track } from './commands/track';
import { createProgram } from './program';
import { toUserError } from './target/aws-errors';
import { watchForEnding } from './terminal/ending';
import { sanitize } from './terminal/output';

watchForEnding();

createProgram([
  track,
  list,
  correct,
  rebuild,
  errors,
  queues,
  redrive,
  discard,
  redact,
  repair,
  replay,
  republish,
  send,
  smoke,
  teardown,
  doctor,
  conformance,
])
  .parseAsync()
  .catch((thrown: unknown) => {
    const error = toUserError(thrown);
    if (error instanceof UserError) {
      console.error(sanitize(error.message));
      process.exitCode ||= error.exitCode;
      return;
    }
    // Commander has said what is wrong; help and version are no errors.
    if (
      error instanceof Error &&
      'exitCode' in error &&
      'code' in error &&
      String(error.code).startsWith('commander.')
    ) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    throw error;
  });
