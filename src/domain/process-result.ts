import type { ShipmentEvent } from './shipment-event';

/** Facts that the handler derives from an event and stores with it. */
export interface ProcessResult {
  readonly processed_at: string;
  readonly validations: readonly string[];
  readonly estimated_delivery?: string;
}

const DAY_MS = 86_400_000;

/** @param now epoch milliseconds by the handler's clock */
export function processResultOf(event: ShipmentEvent, now: number): ProcessResult {
  const present = ['origin', 'destination', 'carrier'].filter((field) => event.metadata[field] !== undefined);
  const delivery = estimatedDelivery(event);
  return {
    processed_at: new Date(now).toISOString(),
    validations: ['status_valid', ...present.map((field) => `${field}_present`)],
    ...(delivery && { estimated_delivery: delivery }),
  };
}

/** Timestamp + `estimated_days`, once the shipment is in transit. */
function estimatedDelivery({ status, timestamp, metadata }: ShipmentEvent): string | undefined {
  const days = metadata['estimated_days'];
  if (status !== 'in_transit' || typeof days !== 'number') return undefined;
  return new Date(timestamp + days * DAY_MS).toISOString();
}
