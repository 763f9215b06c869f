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

/** Ten simultaneous events of a shipment, the first `correcting` of them corrections. Rounds differ, so that open and closed statuses win in turn. */
export const racingEvents = (shipment_id: string, round: number, correcting: number): ShipmentEvent[] => {
  const statuses = ['in_transit', 'delivered', 'failed', 'out_for_delivery', 'returned'] as const;
  return Array.from({ length: 10 }, (_, index) =>
    (index < correcting ? aCorrection : aShipmentEvent)({
      shipment_id,
      event_id: `${shipment_id}-${index}`,
      status: statuses[(index * (round + 3)) % statuses.length] ?? 'pending',
      timestamp: Date.UTC(2026, 2, 2, 8, (index * 7 + round) % 6),
    }),
  );
};

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
