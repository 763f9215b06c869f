import { statusRule } from '../../../contracts/statuses';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import type { ShipmentRow } from '../../../src/domain/shipment-row';
import type { Versioned } from '../../../src/domain/version';

/**
 * The design's order of events, implemented independently of the version string: a closed status wins over an open one, then the later
 * timestamp, then the higher rank, then the greater event id.
 * @returns a positive number when `a` wins
 */
export const compareByDesign = (a: Versioned, b: Versioned): number =>
  Number(statusRule(a.status).closed) - Number(statusRule(b.status).closed) || compareInTime(a, b);

const compareInTime = (a: Versioned, b: Versioned): number =>
  a.timestamp - b.timestamp ||
  fractionOf(a) - fractionOf(b) ||
  Buffer.compare(Buffer.from(a.event_id), Buffer.from(b.event_id));

/** Ranks are ordered like decimal fractions: `15` is between `1` and `2`. */
const fractionOf = ({ status }: Versioned) => Number(`0.${statusRule(status).rank}`);

/** The row of a shipment after all of these events, computed by the design's rules over the whole set, without the application's code. */
export function rowByDesign(events: readonly ShipmentEvent[]): ShipmentRow {
  const correction = greatest(
    events.filter(({ detail_type }) => detail_type === 'Shipment Status Corrected'),
    compareInTime,
  );
  const counting = correction
    ? [correction, ...events.filter(({ timestamp }) => timestamp > correction.timestamp)]
    : events;
  const current = greatest(counting, compareByDesign);
  if (!current) throw new Error('a row needs at least one event');
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
    version: correction ? `2#${digits(correction)}#${versionByDesign(current)}` : versionByDesign(current),
    ...(correction && { last_correction: versionByDesign(correction) }),
    ...(hidden && { hidden_event: versionByDesign(hidden) }),
  };
}

const greatest = (events: readonly ShipmentEvent[], compare: typeof compareInTime) => [...events].sort(compare).at(-1);

function versionByDesign(event: ShipmentEvent): string {
  const { closed, rank } = statusRule(event.status);
  return `${Number(closed)}#${digits(event)}#${rank}#${event.event_id}`;
}

const digits = ({ timestamp }: ShipmentEvent) => `${'0'.repeat(16)}${timestamp}`.slice(-16);
