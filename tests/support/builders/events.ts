import type { EventFile } from '../../../local/stack';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';

export const aShipmentEvent = (overrides: Partial<ShipmentEvent> = {}): ShipmentEvent => ({
  event_id: 'e-1',
  timestamp: Date.UTC(2026, 2, 2, 8),
  shipment_id: 'SHP-1',
  status: 'in_transit',
  detail_type: 'Shipment Status Updated',
  metadata: {},
  payload_hash: '2:hash',
  received: {},
  ...overrides,
});

export const aCorrection = (overrides: Partial<ShipmentEvent> = {}): ShipmentEvent =>
  aShipmentEvent({
    detail_type: 'Shipment Status Corrected',
    event_id: 'c-1',
    reason: 'scanned by mistake',
    ...overrides,
  });

/** The event as its producer puts it on the bus. */
export const onTheBus = (event: ShipmentEvent): EventFile => {
  const { shipment_id, status, event_id, timestamp, detail_type, metadata, reason, notify } = event;
  const identity = { shipment_id, event_id, occurred_at: new Date(timestamp).toISOString() };
  return {
    source: 'logistics.shipment',
    'detail-type': detail_type,
    time: '2026-03-02T12:00:00Z',
    detail: { ...identity, status, metadata, ...(reason && { reason }), ...(notify === false && { notify }) },
  };
};

/** An update as its producer puts it on the bus, by default at the time of the event. */
export const anUpdate = <D extends { shipment_id: string; occurred_at?: string }>(
  detail: D,
  time = detail.occurred_at ?? '2026-03-02T12:00:00Z',
): EventFile => ({ source: 'logistics.shipment', 'detail-type': 'Shipment Status Updated', time, detail });

/** An event as EventBridge delivers it to a function. */
export function anEnvelope(overrides: Record<string, unknown> = {}, detail: Record<string, unknown> = {}) {
  return {
    version: '0',
    id: 'envelope-1',
    source: 'logistics.shipment',
    'detail-type': 'Shipment Status Updated',
    account: '123456789012',
    time: '2026-03-02T08:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail: { shipment_id: 'SHP-1', status: 'in_transit', ...detail },
    ...overrides,
  };
}
