/** Kinds of shipment events, on the bus and in the log. */
import { type Status, statusRule } from './statuses';

/** The detail-type of a correction. */
export const CORRECTED = 'Shipment Status Corrected';

/** The kind of an event, or of its row in the log. */
export interface ShipmentEventKind {
  readonly detail_type: string;
  readonly status: Status;
  readonly notify?: boolean;
}

export const isCorrection = ({ detail_type }: Pick<ShipmentEventKind, 'detail_type'>) => detail_type === CORRECTED;

/**
 * True when a notification is sent about an event: about some statuses, and about each correction, since one may have been sent about the
 * mistake. A producer's `notify: false` is obeyed.
 */
export const notifies = (event: ShipmentEventKind) =>
  event.notify !== false && (isCorrection(event) || statusRule(event.status).notifies);
