import { STATUSES, type Status, statusRule } from '../../contracts/statuses';

/** The part of an event that decides its place among its shipment's events. */
export interface Versioned {
  readonly status: Status;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly event_id: string;
}

/** Digits of the timestamp: enough for every millisecond a Date can hold. */
const TIMESTAMP_DIGITS = 16;

export const paddedTime = (timestamp: number) => String(timestamp).padStart(TIMESTAMP_DIGITS, '0');

/**
 * The order in time: the later timestamp, then the greater rank, then the greater event id, as one string that sorts bytewise. The id comes
 * last and is ASCII, so its length needs no padding.
 */
export const placeInTime = ({ status, timestamp, event_id }: Versioned) =>
  [paddedTime(timestamp), statusRule(status).rank, event_id].join('#');

/** The total order of a shipment's events, written the same way: a closed status beats an open one, then time decides. */
export const versionOf = (event: Versioned) => [statusRule(event.status).closed ? 1 : 0, placeInTime(event)].join('#');

const VERSION = /^[01]#(\d{16})#(\d+)#([!-~]+)$/;

/**
 * Parses a version that {@link versionOf} wrote.
 * @throws Error when the text is not a version, or has the rank of a later release
 */
export function eventOfVersion(version: string): Versioned {
  const [, timestamp, rank, event_id] = VERSION.exec(version) ?? [];
  const status = STATUSES.find((candidate) => statusRule(candidate).rank === rank);
  if (event_id === undefined || status === undefined)
    throw new Error(`${JSON.stringify(version)} is no event's version`);
  return { status, timestamp: Number(timestamp), event_id };
}
