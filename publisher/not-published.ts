import type { LogisticsEvent } from './events';

/** An event that is not known to be on the bus, and why. */
export interface Failure {
  /** Index in the list that was passed to `publish`. */
  readonly index: number;
  readonly event: LogisticsEvent;
  readonly reasons: readonly string[];
}

/** Most events that a message lists; `failures` has all. */
const LISTED = 20;

/**
 * Thrown when some events are not known to be on the bus. Publishing exactly `failures` again is safe for shipment events, which keep their
 * identity. An error event has none: if it was on the bus after all, it is notified twice.
 */
export class NotPublished extends Error {
  override readonly name = 'NotPublished';

  constructor(
    readonly failures: readonly Failure[],
    total: number,
  ) {
    const lines = failures
      .slice(0, LISTED)
      .map(({ index, event, reasons }) => `  events[${index}] ${event.detailType}: ${reasons.join('; ')}`);
    const more = failures.length > LISTED ? [`  and ${failures.length - LISTED} more: see failures`] : [];
    super([`${failures.length} of ${total} events are not on the bus:`, ...lines, ...more].join('\n'));
  }
}
