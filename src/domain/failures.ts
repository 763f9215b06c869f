/** Failures the application knows by name. Anything else that is thrown is transient: AWS may recover from it. */
import { beginningOf } from './json';

/** Identifiers of a rejected event, as far as they could be read. */
export interface EventReference {
  readonly shipment_id?: string;
  readonly event_id?: string;
}

/** As much of a failure's text as is kept and passed on: it may quote what a producer sent. */
export const MAX_MESSAGE_CHARACTERS = 1_000;

/** The event can never be accepted as it is: no retry will help, its producer has to fix it. */
export class Rejected extends Error {
  override readonly name: string = 'Rejected';

  constructor(message: string, options?: ErrorOptions) {
    super(beginningOf(message, MAX_MESSAGE_CHARACTERS), options);
  }
}

/** An event of the same identity but with another content is already in the log. */
export class Conflict extends Rejected {
  override readonly name = 'Conflict';
}

/** Another invocation is notifying about this event right now; the retry will find it done, or its lease expired. */
export class InProgress extends Error {
  override readonly name: string = 'InProgress';
}

/** Nothing failed: the event has work that is not due yet, and Lambda's retry of it brings it back. */
export class Postponed extends InProgress {
  override readonly name = 'Postponed';
}

/** The handler stopped itself in time to record that it could not finish. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
}
