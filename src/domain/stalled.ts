import * as v from 'valibot';
import { type ShipmentStalled, shipmentStalled } from '../../contracts/status-events';
import type { ShipmentRow } from './shipment-row';

const DAY_MS = 86_400_000;

/** Days for which a shipment that has become stalled is looked for: runs may be as far apart. */
const WINDOW_DAYS = 2;

/** Times of the events that statuses come from, in epoch milliseconds; both ends belong to it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The times of the shipments that have become stalled in the last days: nothing newer is known of them for `afterDays`.
 * @param now epoch milliseconds
 */
export function stalledSpan(now: number, afterDays: number): Span {
  const to = now - afterDays * DAY_MS;
  return { from: to - WINDOW_DAYS * DAY_MS, to };
}

/**
 * The report of a shipment that stands in an open status.
 * @param now epoch milliseconds
 * @throws ValiError when the row is none that a function of ours has written
 */
export function stalledOf({ shipment_id, status, timestamp, event_id }: ShipmentRow, now: number): ShipmentStalled {
  return v.parse(shipmentStalled, {
    shipment_id,
    status,
    since: new Date(timestamp).toISOString(),
    days: Math.floor((now - timestamp) / DAY_MS),
    event_id,
  });
}
