/** Days that events and their copies are kept. Error rows have theirs in tables.ts. */

export const ARCHIVE_DAYS = 7;

/** Days that an event waits in a queue for an operator, who may be away; SQS allows 14. */
export const QUEUE_RETENTION_DAYS = 14;

/** DynamoDB's point-in-time recovery. */
export const RECOVERY_DAYS = 35;

/**
 * Minimum days that rows of the log are kept, unless for ever. Until then a recorded event may arrive again: the archive is replayed on its
 * last day, the event fails and waits in its dead-letter queue until the last day, is redriven, fails and waits once more (the archive's days,
 * twice the queues', and less than a day of retries). Without its row it would be a new event (docs/decisions/0030).
 */
export const MIN_EVENT_RETENTION_DAYS = 45;

/**
 * The epoch second at which a row of the log expires; undefined when the log is kept for ever.
 * @param handledAt epoch milliseconds
 * @param days of retention, 0 for ever
 */
export const logRowTtl = (handledAt: number, days: number) =>
  days === 0 ? undefined : Math.floor(handledAt / 1_000) + days * 86_400;
