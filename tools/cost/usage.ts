/** Usage of one event. Tests check each figure by counting, except those marked as assumed. */
import type { FunctionKey } from '../../contracts/functions';

/**
 * Write units by an event's outcome, for items of up to 1 KB, including all attempts and the announcement of a failure. They follow from
 * DynamoDB's published rules and the built functions' requests, which `tests/support/write-units.ts` counts; a test compares the two.
 */
export const OUTCOMES = {
  // Log row and its two indexes, status row and its index.
  first: { anEventThat: 'is the first of a shipment', units: 5 },
  // The status index loses one entry and gains another.
  moved: { anEventThat: 'changes the status', units: 6 },
  // As moved, and the mark on the log row with its two indexes.
  notified: { anEventThat: 'changes the status and notifies', units: 9 },
  // Two conditions that do not hold.
  duplicate: { anEventThat: 'is a duplicate', units: 2 },
  // Log row and its indexes, and a condition that does not hold.
  superseded: { anEventThat: 'is late: superseded', units: 4 },
  // As superseded, and the status row with its index entry, which stores the event beside the closing one.
  hidden: { anEventThat: 'is open, after a closing one: superseded', units: 6 },
  corrected: { anEventThat: 'corrects it and notifies', units: 9 },
  // As moved, after a condition that does not hold.
  afterCorrection: { anEventThat: 'changes the status after a correction', units: 7 },
  // As rejected, and in each of three attempts a condition that does not hold.
  conflict: { anEventThat: 'conflicts: three attempts, announced, notified', units: 10 },
  // The error row in three attempts with one index entry, the mark of the announcement, the lease and mark of the notification.
  rejected: { anEventThat: 'is rejected: three attempts, announced, notified', units: 7 },
  // Lease and mark on its error row.
  errorEvent: { anEventThat: 'is an error event', units: 2 },
  // As an error event, and its place among the minute's alerts.
  criticalErrorEvent: { anEventThat: 'is a critical error event', units: 3 },
} as const;

export type Outcome = keyof typeof OUTCOMES;

export const WRITE_UNITS = Object.fromEntries(
  Object.entries(OUTCOMES).map(([outcome, { units }]) => [outcome, units]),
) as Readonly<Record<Outcome, number>>;

/** Write units of the report of a stalled shipment: lease and mark on its row, each with the index. Counted as above. */
export const STALLED_UNITS = 4;

/** Write units of a cold start: the two writes of a function's priming, whose conditions do not hold. */
export const PRIMING_UNITS = 2;

/** The events of an ordinary shipment, and which function handles each. */
export const SHIPMENT = [
  { becomes: 'first', function: 'shipment-processor' },
  { becomes: 'moved', function: 'status-updater' },
  { becomes: 'moved', function: 'status-updater' },
  { becomes: 'notified', function: 'status-updater' },
] as const satisfies readonly { becomes: Outcome; function: FunctionKey }[];

/** Average of a figure over the events of an ordinary shipment. */
export const average = (figureOf: (event: (typeof SHIPMENT)[number]) => number) =>
  SHIPMENT.reduce((sum, event) => sum + figureOf(event), 0) / SHIPMENT.length;

export const notifiedShare = average(({ becomes }) => Number(becomes === 'notified'));

/** Write requests for an event of an ordinary shipment, on average. Counted as above. */
export const WRITES = 2.25;

/** Bytes of a function's two log lines about an event; a test measures them. */
export const LOG_BYTES = 1_400;

/** Bytes of the status publisher's two lines about one change; measured by the same test. */
export const CHANGE_LOG_BYTES = 1_100;

/** Bytes of a function's two lines about a carrier's webhook; measured by the same test. */
export const WEBHOOK_LOG_BYTES = 1_200;

/** Bytes of Lambda's own lines about an invocation (START and REPORT), by AWS's examples. */
export const PLATFORM_LOG_BYTES = 700;

/** Billed milliseconds of a warm invocation; assumed until measured in Lambda. */
export const BILLED_MS = 50;

/** Bytes of an event in the archive. */
export const EVENT_BYTES = 700;

/** Stored bytes of an event's row in the log and in both indexes: each an item and the 100 bytes that DynamoDB adds. */
export const LOG_ROW_BYTES = 3 * (480 + 100);
