import { statusRule } from '../../../contracts/statuses';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import type { ShipmentRow } from '../../../src/domain/shipment-row';
import type { Versioned } from '../../../src/domain/version';

/**
 * The order of events as the design words it, independently of the version string: a closed status beats an open one, then the later
 * timestamp, then the higher rank, then the greater event id.
 * @returns positive when `a` wins
 */
export const compareByDesign = (a: Versioned, b: Versioned): number =>
  Number(statusRule(a.status).closed) - Number(statusRule(b.status).closed) || compareInTime(a, b);

const compareInTime = (a: Versioned, b: Versioned): number =>
  a.timestamp - b.timestamp ||
  fractionOf(a) - fractionOf(b) ||
  Buffer.compare(Buffer.from(a.event_id), Buffer.from(b.event_id));

/** Ranks are in the order of decimal fractions: `15` is between `1` and `2`. */
const fractionOf = ({ status }: Versioned) => Number(`0.${statusRule(status).rank}`);

/**
 * The row of a shipment once all of these events of it have been accepted: the design's words over the whole set, without registers and
 * without the application's code.
 */
export function rowByDesign(events: readonly ShipmentEvent[]): ShipmentRow {
  const correction = greatest(
    events.filter(({ detail_type }) => detail_type === 'Shipment Status Corrected'),
    compareInTime,
  );
  const counting = correction
    ? [correction, ...events.filter(({ timestamp }) => timestamp > correction.timestamp)]
    : events;
  const current = greatest(counting, compareByDesign);
  if (!current) throw new Error('no event, no row');
  const hidden = greatest(
    counting.filter(({ timestamp }) => timestamp > current.timestamp),
    compareInTime,
  );
  const { shipment_id, status, timestamp, event_id } = current;
  return {
    shipment_id,
    status,
    timestamp,
    event_id,
    version: correction ? `2#${digits(correction)}#${written(current)}` : written(current),
    ...(correction && { last_correction: written(correction) }),
    ...(hidden && { hidden_event: written(hidden) }),
  };
}

const greatest = (events: readonly ShipmentEvent[], compare: typeof compareInTime) => [...events].sort(compare).at(-1);

function written(event: ShipmentEvent): string {
  const { closed, rank } = statusRule(event.status);
  return `${Number(closed)}#${digits(event)}#${rank}#${event.event_id}`;
}

const digits = ({ timestamp }: ShipmentEvent) => `${'0'.repeat(16)}${timestamp}`.slice(-16);
