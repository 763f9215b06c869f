import * as v from 'valibot';
import { type ShipmentStalled, shipmentStalled } from '../../contracts/status-events';
import type { ShipmentRow } from './shipment-row';

const DAY_MS = 86_400_000;

/** Days for which runs look for a shipment that has become stalled: runs may be this far apart. */
const WINDOW_DAYS = 2;

/** A span of event times in epoch milliseconds, including both ends. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The times of current events whose shipments have become stalled: `afterDays` ago, and up to {@link WINDOW_DAYS} earlier.
 * @param now epoch milliseconds
 */
export function stalledSpan(now: number, afterDays: number): Span {
  const to = now - afterDays * DAY_MS;
  return { from: to - WINDOW_DAYS * DAY_MS, to };
}

/**
 * The report of a shipment in an open status.
 * @param now epoch milliseconds
 * @throws ValiError when no function of ours can have written the row
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
