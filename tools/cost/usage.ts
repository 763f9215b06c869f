/** Usage of one event: counted where a test counts it again, or assumed where it says so. */

/**
 * Write units by what becomes of an event, all attempts and the announcement of its failure included, for items of up to 1 KB. They follow
 * from DynamoDB's published rules and the requests of the built functions: `bench/write-units/` counts them, a test holds these to it.
 */
export const WRITE_UNITS = {
  /** Log row and its two indexes, status row and its index. */
  first: 5,
  /** The status index loses one entry and gets another. */
  moved: 6,
  /** Moved, and the mark on the log row with its two indexes. */
  notified: 9,
  /** Two conditions that do not hold. */
  duplicate: 2,
  /** Log row and its indexes, and a condition that does not hold. */
  superseded: 4,
  /** And the status row with its index entry, which keeps the event beside the closing one. */
  hidden: 6,
  /** As one that changes it and notifies. */
  corrected: 9,
  /** As one that changes it, and a condition that does not hold before that. */
  afterCorrection: 7,
  /** As a rejected event, and in each of three attempts a condition that does not hold. */
  conflict: 10,
  /** Its error row in three attempts with one entry in its index, the mark of the announcement, and the lease and mark of its notification. */
  rejected: 7,
  /** A received error event: lease and mark on its row. */
  errorEvent: 2,
  /** And its place among the alerts of the minute. */
  criticalErrorEvent: 3,
} as const satisfies Record<string, number>;

/** Write units of the report of a stalled shipment: lease and mark on its row, each with the index. The same count. */
export const STALLED_UNITS = 4;

/** Write units of a cold start: the two conditions of a function's priming, which do not hold. */
export const PRIMING_UNITS = 2;

export type Outcome = keyof typeof WRITE_UNITS;

/** An event that … */
export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  first: 'is the first of a shipment',
  moved: 'changes the status',
  notified: 'changes the status and notifies',
  duplicate: 'is a duplicate',
  superseded: 'is late: superseded',
  hidden: 'is open, after a closing one: superseded',
  corrected: 'corrects it and notifies',
  afterCorrection: 'changes the status after a correction',
  conflict: 'conflicts: three attempts, announced, notified',
  rejected: 'is rejected: three attempts, announced, notified',
  errorEvent: 'is an error event',
  criticalErrorEvent: 'is a critical error event',
};

/** The events of an ordinary shipment, and which function handles each. */
export const SHIPMENT = [
  { becomes: 'first', function: 'shipment-processor' },
  { becomes: 'moved', function: 'status-updater' },
  { becomes: 'moved', function: 'status-updater' },
  { becomes: 'notified', function: 'status-updater' },
] as const satisfies readonly { becomes: keyof typeof WRITE_UNITS; function: string }[];

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
