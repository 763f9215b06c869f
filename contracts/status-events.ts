/** Events for other systems. None of our own functions receives them. */
import * as v from 'valibot';
import { instant, openStatus, status, token } from './fields';

/** The source of every event about statuses. The bus accepts it from our own functions only; the archive excludes it. */
export const STATUS_SOURCE = 'logistics.status';

export const STATUS_CHANGED = { source: STATUS_SOURCE, detailType: 'Shipment Status Changed' } as const;

/** Detail of `Shipment Status Changed`. It has no metadata, which may hold personal data. */
export const statusChanged = v.strictObject({
  shipment_id: token,
  status,
  /** The status before; absent for a new shipment and in a republished event. The same as `status` when a later event confirmed it. */
  previous_status: v.optional(status),
  /** When the event occurred that the status comes from. */
  occurred_at: instant,
  /** The `event_id` of that event. */
  event_id: token,
  /** Rises with each change of a shipment, compared as text. Events come in any order: keep the greatest. */
  version: v.pipe(v.string(), v.regex(/^[012]#[!-~]+$/)),
  /** True when a correction counts in the status. */
  corrected: v.boolean(),
});

export type StatusChanged = v.InferOutput<typeof statusChanged>;

export const SHIPMENT_STALLED = { source: STATUS_SOURCE, detailType: 'Shipment Stalled' } as const;

/** Detail of `Shipment Stalled`: an open shipment has had no newer event for some days. */
export const shipmentStalled = v.strictObject({
  shipment_id: token,
  status: openStatus,
  /** When the event occurred that the status comes from. */
  since: instant,
  /** Whole days since then. */
  days: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** The `event_id` of that event. */
  event_id: token,
});

export type ShipmentStalled = v.InferOutput<typeof shipmentStalled>;
