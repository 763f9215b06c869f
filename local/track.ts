import type { Row } from './snapshot';

/** One event of a shipment's track. */
export interface TrackedEvent {
  readonly event_id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly status: string;
  /** The shipment stands where this event says. */
  readonly isCurrent: boolean;
  /** People were told about it. */
  readonly isTold: boolean;
  /** Handled after an event that happened later. */
  readonly isLate: boolean;
}

/** The shipment's events in the order they happened. */
export function trackOf(shipment: Row, log: readonly Row[]): TrackedEvent[] {
  const events = log
    .filter((event) => event['shipment_id'] === shipment['shipment_id'])
    .sort((a, b) => Number(a['timestamp']) - Number(b['timestamp']));
  return events.map((event) => ({
    event_id: String(event['event_id']),
    timestamp: Number(event['timestamp']),
    status: String(event['status']),
    isCurrent: event['event_id'] === shipment['event_id'] && event['timestamp'] === shipment['timestamp'],
    isTold: event['notified_at'] !== undefined,
    isLate: events.some(
      (other) => Number(other['timestamp']) > Number(event['timestamp']) && handledAt(other) < handledAt(event),
    ),
  }));
}

const handledAt = (event: Row) => String((event['process_result'] as Row)['processed_at']);
