import { type Status, statusRule } from '../../contracts/statuses';

export interface Versioned {
  readonly status: Status;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly event_id: string;
}

/** Digits of the timestamp: enough for every millisecond a Date can hold. */
const TIMESTAMP_DIGITS = 16;

/**
 * The total order of a shipment's events, written as one string that sorts bytewise: a closed status beats an open one, then the
 * later timestamp, then the higher rank, then the greater event id. The id comes last and is ASCII, so its length needs no padding.
 */
export function versionOf({ status, timestamp, event_id }: Versioned): string {
  const { closed, rank } = statusRule(status);
  return [closed ? 1 : 0, String(timestamp).padStart(TIMESTAMP_DIGITS, '0'), rank, event_id].join('#');
}
