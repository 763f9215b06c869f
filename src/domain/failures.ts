/** Failures the application knows by name. Any other error is transient: AWS may recover from it. */
import { beginningOf } from './json';

/** Length to which a failure's text is cut before it is stored or sent: it may quote a producer's payload. */
export const MAX_MESSAGE_CHARACTERS = 1_000;

/** The event can never be accepted as it is: no retry will help, its producer has to fix it. */
export class Rejected extends Error {
  override readonly name: string = 'Rejected';

  constructor(message: string, options?: ErrorOptions) {
    super(beginningOf(message, MAX_MESSAGE_CHARACTERS), options);
  }
}

/** An event of the same identity but with different content is already in the log. */
export class Conflict extends Rejected {
  override readonly name = 'Conflict';
}

/** Another invocation is notifying about this event right now; the retry will find it done, or its lease expired. */
export class InProgress extends Error {
  override readonly name: string = 'InProgress';
}

/** Nothing failed: the event has work that is not due yet, and Lambda's retry will do it. */
export class Postponed extends InProgress {
  override readonly name = 'Postponed';
}

/** The handler stopped itself in time to record that it could not finish. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
}
