import { readFileSync } from 'node:fs';
import type { EventFunctionKey } from '../contracts/functions';

/** The event that each function is measured with: an ordinary one, which the baselines get as well. */
export const ORDINARY: Readonly<Record<EventFunctionKey, string>> = {
  'shipment-processor': 'shipment-processor/created',
  'status-updater': 'status-updater/in-transit',
  'notification-handler': 'notification-handler/processing-error',
};

interface EventFile {
  readonly detail: Readonly<Record<string, unknown>>;
}

let made = 0;

/**
 * A fixture as a new event, so that no sample meets another's row.
 * @param padding bytes added to its metadata
 */
export function freshEvent(fixture: string, padding = 0): object {
  const event: EventFile = JSON.parse(readFileSync(`events/${fixture}.json`, 'utf8'));
  made += 1;
  const [event_id, shipment_id] = [`bench-${made}`, `BENCH-${made}`];
  const identity = 'event_id' in event.detail ? { event_id, shipment_id } : { shipment_id };
  const metadata = padding > 0 && { metadata: { carrier: 'NordFreight', note: 'x'.repeat(padding) } };
  return { ...event, id: event_id, detail: { ...event.detail, ...identity, ...metadata } };
}
