/**
 * The status vocabulary, once: each status with its rank (the tie-break of the version order), whether it closes a shipment,
 * whether it notifies, and the statuses expected to follow it.
 */
interface StatusRule {
  /**
   * Digits that decide between events of one millisecond; the greater rank wins. They are compared as text, like decimal fractions, and stored in
   * every `version`: a rank is never changed, and a status between '1' and '2' gets '15' (CONTRIBUTING.md, "Add a status").
   * Only the rank '0' ends in 0: '10' would be the same fraction as '1', but a different text.
   */
  readonly rank: string;
  /** No transition is expected after a closed status. */
  readonly closed: boolean;
  readonly notifies: boolean;
  /** The expected transitions. Any other is recorded all the same and reported as unexpected. */
  readonly next: readonly string[];
}

const AFTER_DISPATCH = ['failed', 'delivered', 'returned'] as const;

export const STATUS_RULES = {
  pending: { rank: '0', closed: false, notifies: false, next: ['in_transit', 'cancelled'] },
  in_transit: {
    rank: '1',
    closed: false,
    notifies: false,
    next: ['out_for_delivery', 'available_for_pickup', ...AFTER_DISPATCH],
  },
  out_for_delivery: {
    rank: '2',
    closed: false,
    notifies: false,
    next: ['available_for_pickup', ...AFTER_DISPATCH],
  },
  available_for_pickup: { rank: '3', closed: false, notifies: false, next: AFTER_DISPATCH },
  failed: {
    rank: '4',
    closed: false,
    notifies: true,
    next: ['in_transit', 'out_for_delivery', 'available_for_pickup', 'delivered', 'returned', 'cancelled'],
  },
  cancelled: { rank: '5', closed: true, notifies: true, next: [] },
  returned: { rank: '6', closed: true, notifies: true, next: [] },
  delivered: { rank: '7', closed: true, notifies: true, next: [] },
} as const satisfies Record<string, StatusRule>;

export type Status = keyof typeof STATUS_RULES;

export const STATUSES = Object.keys(STATUS_RULES) as [Status, ...Status[]];

/** Statuses of a shipment that is expected to move on. */
export const OPEN_STATUSES = STATUSES.filter((status) => !STATUS_RULES[status].closed);

/** The rule of a status, typed generally so that callers can use `next.includes(other)`. */
export const statusRule = (status: Status): StatusRule => STATUS_RULES[status];

export const isStatus = (text: string): text is Status => Object.hasOwn(STATUS_RULES, text);
