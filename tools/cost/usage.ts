/** Usage of one event: counted where a test counts it again, or assumed where it says so. */
import type { FunctionKey } from '../../contracts/functions';

/**
 * Write units by what becomes of an event, all attempts and the announcement of its failure included, for items of up to 1 KB. They follow
 * from DynamoDB's published rules and the requests of the built functions: `bench/write-units/` counts them, a test holds these to it.
 */
export const OUTCOMES = {
  // Log row and its two indexes, status row and its index.
  first: { anEventThat: 'is the first of a shipment', units: 5 },
  // The status index loses one entry and gets another.
  moved: { anEventThat: 'changes the status', units: 6 },
  // Moved, and the mark on the log row with its two indexes.
  notified: { anEventThat: 'changes the status and notifies', units: 9 },
  // Two conditions that do not hold.
  duplicate: { anEventThat: 'is a duplicate', units: 2 },
  // Log row and its indexes, and a condition that does not hold.
  superseded: { anEventThat: 'is late: superseded', units: 4 },
  // And the status row with its index entry, which keeps the event beside the closing one.
  hidden: { anEventThat: 'is open, after a closing one: superseded', units: 6 },
  corrected: { anEventThat: 'corrects it and notifies', units: 9 },
  // As one that changes it, and a condition that does not hold before that.
  afterCorrection: { anEventThat: 'changes the status after a correction', units: 7 },
  // As a rejected event, and in each of three attempts a condition that does not hold.
  conflict: { anEventThat: 'conflicts: three attempts, announced, notified', units: 10 },
  // Its error row in three attempts with one entry in its index, the mark of the announcement, and the lease and mark of its notification.
  rejected: { anEventThat: 'is rejected: three attempts, announced, notified', units: 7 },
  // Lease and mark on its row.
  errorEvent: { anEventThat: 'is an error event', units: 2 },
  // And its place among the alerts of the minute.
  criticalErrorEvent: { anEventThat: 'is a critical error event', units: 3 },
} as const;

export type Outcome = keyof typeof OUTCOMES;

export const WRITE_UNITS = Object.fromEntries(
  Object.entries(OUTCOMES).map(([outcome, { units }]) => [outcome, units]),
) as Readonly<Record<Outcome, number>>;

/** Write units of the report of a stalled shipment: lease and mark on its row, each with the index. The same count. */
export const STALLED_UNITS = 4;

/** Write units of a cold start: the two conditions of a function's priming, which do not hold. */
export const PRIMING_UNITS = 2;

/** The events of an ordinary shipment, and which function handles each. */
export const SHIPMENT = [
  { becomes: 'first', function: 'shipment-processor' },
  { becomes: 'moved', function: 'status-updater' },
  { becomes: 'moved', function: 'status-updater' },
  { becomes: 'notified', function: 'status-updater' },
] as const satisfies readonly { becomes: Outcome; function: FunctionKey }[];

/** Requests that write, of an ordinary shipment's event on average; the same count. */
export const WRITES = 2.25;

/** Bytes of our two log lines of an event; a test measures them. */
export const LOG_BYTES = 1_400;

/** Bytes of the two lines of the status publisher about one change; the same test. */
export const CHANGE_LOG_BYTES = 1_100;

/** Bytes of our two lines about a carrier's webhook; the same test. */
export const WEBHOOK_LOG_BYTES = 1_200;

/** Bytes of the lines that Lambda adds to each invocation (its start and its report), by AWS's examples. */
export const PLATFORM_LOG_BYTES = 700;

/** Assumed until it is measured in Lambda: milliseconds that one warm invocation is billed for. */
export const BILLED_MS = 50;

/** Bytes of an event in the archive. */
export const EVENT_BYTES = 700;

/** Stored bytes of an event's row in the log and in both indexes: the item, and the 100 bytes that DynamoDB adds to each. */
export const LOG_ROW_BYTES = 3 * (480 + 100);
