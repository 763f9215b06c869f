/** Parsers for status events that other systems receive. */
import * as v from 'valibot';
import {
  SHIPMENT_STALLED,
  type ShipmentStalled,
  STATUS_CHANGED,
  type StatusChanged,
  shipmentStalled,
  statusChanged,
} from '../contracts/status-events';

export type { ShipmentStalled, StatusChanged };

interface Kind<Entries extends v.ObjectEntries> {
  readonly source: string;
  readonly detailType: string;
  readonly entries: Entries;
}

/** Reads the detail of one kind of event, without fields that later versions add. */
function parse<Entries extends v.ObjectEntries>({ source, detailType, entries }: Kind<Entries>, received: unknown) {
  const event = v.object({
    source: v.literal(source),
    'detail-type': v.literal(detailType),
    detail: v.object(entries),
  });
  const parsed = v.safeParse(event, typeof received === 'string' ? JSON.parse(received) : received);
  if (parsed.success) return parsed.output.detail;
  const [issue] = parsed.issues;
  throw new Error(`no ${detailType}: ${v.getDotPath(issue) ?? 'the event'}: ${issue.message}`);
}

/**
 * Reads a `Shipment Status Changed`, as EventBridge delivers it to a function or, as text, to a queue.
 * @throws Error naming the first invalid field
 */
export const parseStatusChanged = (received: unknown): StatusChanged =>
  parse({ ...STATUS_CHANGED, entries: statusChanged.entries }, received);

/**
 * Reads a `Shipment Stalled` in the same way.
 * @throws Error naming the first invalid field
 */
export const parseShipmentStalled = (received: unknown): ShipmentStalled =>
  parse({ ...SHIPMENT_STALLED, entries: shipmentStalled.entries }, received);
