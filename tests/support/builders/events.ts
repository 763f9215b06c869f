import type { ShipmentEvent } from '../../../src/domain/shipment-event';

/** A shipment event with sensible values. */
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

/** An event as EventBridge delivers it. */
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
