import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { versionOf } from '../../../src/domain/version';

/** A shipment event with sensible values; its version follows from the others. */
export function aShipmentEvent(overrides: Partial<Omit<ShipmentEvent, 'version'>> = {}): ShipmentEvent {
  const event = {
    event_id: 'e-1',
    timestamp: Date.UTC(2026, 2, 2, 8),
    shipment_id: 'SHP-1',
    status: 'in_transit' as const,
    detail_type: 'Shipment Status Updated',
    metadata: {},
    payload_hash: '2:hash',
    received: {},
    ...overrides,
  };
  return { ...event, version: versionOf(event) };
}

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
