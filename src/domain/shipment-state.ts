import { isCorrection } from '../../contracts/shipment-events';
import { statusRule } from '../../contracts/statuses';
import type { ShipmentEvent } from './shipment-event';
import { paddedTime, placeInTime, type Versioned, versionOf } from './version';

/**
 * The events of a shipment that decide its status, now or after a correction to come.
 *
 * A correction says what was true as of its timestamp. So the events that count are the latest correction, and every other event with a
 * later timestamp. The status is the greatest of them: a closed status beats an open one, then time decides.
 *
 * Three registers are enough. Each holds the latest event of its kind, so any order and any repetition of the events gives the same three.
 * - The greatest event that counts is one of them: of the closing events that count the latest is the greatest, and so it is of the open ones.
 * - No event that was dropped is ever needed. A correction is replaced only by a later one, so what it voided stays void. An open event
 *   that is not later than the closing one could count only after a correction that voids the closing one, and that correction voids it too.
 */
export interface ShipmentState {
  /** The latest correction. */
  readonly correction?: Versioned;
  /** The latest closing event, while it is later than the correction. */
  readonly closed?: Versioned;
  /** The latest open event, while it is later than both. */
  readonly open?: Versioned;
}

/** The state of a shipment with one event. */
export function stateOf(event: Versioned & Pick<ShipmentEvent, 'detail_type'>): ShipmentState {
  if (isCorrection(event)) return { correction: event };
  return statusRule(event.status).closed ? { closed: event } : { open: event };
}

/** The state of the events of both. Commutative, associative and idempotent. */
export function join(a: ShipmentState, b: ShipmentState): ShipmentState {
  const correction = latest(a.correction, b.correction);
  const closed = ifAfter(correction, latest(a.closed, b.closed));
  const open = ifAfter(correction, ifAfter(closed, latest(a.open, b.open)));
  return { ...(correction && { correction }), ...(closed && { closed }), ...(open && { open }) };
}

function latest(a: Versioned | undefined, b: Versioned | undefined): Versioned | undefined {
  if (!a || !b) return a ?? b;
  return placeInTime(b) > placeInTime(a) ? b : a;
}

/** The event, if its timestamp is later: events of the same millisecond are voided, or hidden, whatever their rank. */
const ifAfter = (other: Versioned | undefined, event: Versioned | undefined) =>
  other && event && event.timestamp <= other.timestamp ? undefined : event;

/** The event that the shipment's status comes from. */
export function currentOf({ correction, closed, open }: ShipmentState): Versioned {
  const [first, ...others] = [correction, closed, open].filter((event) => event !== undefined);
  if (first === undefined) throw new Error('a shipment of which no event is known has no status');
  return others.reduce((greatest, event) => (versionOf(event) > versionOf(greatest) ? event : greatest), first);
}

/**
 * A string that rises bytewise whenever another event becomes current: the current event's version. Once there is a correction, the prefix
 * `2#` and the correction's timestamp sort it after all versions without one.
 */
export function stateVersion(state: ShipmentState): string {
  const version = versionOf(currentOf(state));
  return state.correction ? ['2', paddedTime(state.correction.timestamp), version].join('#') : version;
}
