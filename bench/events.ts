import { readFileSync } from 'node:fs';
import type { EventFunctionKey } from '../contracts/functions';
import type { EventFile } from '../local/stack';

interface Ordinary {
  readonly fixture: string;
  readonly calls: number;
}

/** The measured functions, each with an ordinary event, which the baselines handle, too. */
export const ORDINARY = {
  'shipment-processor': { fixture: 'shipment-processor/created', calls: 2 },
  'status-updater': { fixture: 'status-updater/in-transit', calls: 2 },
  'notification-handler': { fixture: 'notification-handler/processing-error', calls: 3 },
} as const satisfies Partial<Record<EventFunctionKey, Ordinary>>;

export type MeasuredKey = keyof typeof ORDINARY;

export const MEASURED = Object.keys(ORDINARY) as [MeasuredKey, ...MeasuredKey[]];

let created = 0;

/**
 * A fixture with new ids, so that no sample finds another's row.
 * @param padding bytes added to its metadata
 */
export function freshEvent(fixture: string, padding = 0): object {
  const event: EventFile & { detail: object } = JSON.parse(readFileSync(`events/${fixture}.json`, 'utf8'));
  created += 1;
  const [event_id, shipment_id] = [`bench-${created}`, `BENCH-${created}`];
  const identity = 'event_id' in event.detail ? { event_id, shipment_id } : { shipment_id };
  const metadata = padding > 0 && { metadata: { carrier: 'NordFreight', note: 'x'.repeat(padding) } };
  return { ...event, id: event_id, detail: { ...event.detail, ...identity, ...metadata } };
}
