import { FUNCTION_KEYS } from '../contracts/functions';
import type { Row, Snapshot } from './snapshot';

const time = (row: Row) => new Date(Number(row['timestamp'])).toISOString().replace('T', ' ').slice(0, 19);

/** What happened, as a person wants to read it. */
export function report(snapshot: Snapshot): string {
  return [
    'Shipments',
    ...[...snapshot.shipments].sort(byText('shipment_id')).flatMap((shipment) => track(shipment, snapshot.log)),
    '',
    'People were told',
    ...notified(snapshot),
    '',
    'Failed events (table logistics-error-events-dev)',
    ...snapshot.errors.filter(({ function_name }) => function_name !== undefined).map(failure),
    '',
    'Waiting in queues',
    ...FUNCTION_KEYS.map((key) => `  ${key.padEnd(24)} ${snapshot.failed[key].length}`),
    `  ${'no rule takes it'.padEnd(24)} ${snapshot.unrouted.length}`,
  ].join('\n');
}

/** The shipment's events in the order they happened. */
function track(shipment: Row, log: readonly Row[]): string[] {
  const events = log
    .filter((event) => event['shipment_id'] === shipment['shipment_id'])
    .sort((a, b) => Number(a['timestamp']) - Number(b['timestamp']));
  return [
    `  ${shipment['shipment_id']} is ${shipment['status']}`,
    ...events.map((event) => {
      const isCurrent = event['event_id'] === shipment['event_id'] && event['timestamp'] === shipment['timestamp'];
      const marks = [
        isCurrent && 'current',
        event['notified_at'] && 'people told',
        arrivedLate(event, events) && 'arrived late',
      ];
      return `    ${time(event)}  ${String(event['status']).padEnd(21)} ${marks.filter(Boolean).join(', ')}`;
    }),
  ];
}

/** Handled after an event that happened later. */
function arrivedLate(event: Row, events: readonly Row[]): boolean {
  return events.some(
    (other) => Number(other['timestamp']) > Number(event['timestamp']) && handledAt(other) < handledAt(event),
  );
}

const handledAt = (event: Row) => String((event['process_result'] as Row)['processed_at']);

function notified({ notifications }: Snapshot): string[] {
  return Object.entries(notifications).flatMap(([topic, messages]) => {
    const counts = new Map<string, number>();
    for (const { Subject } of messages) counts.set(Subject, (counts.get(Subject) ?? 0) + 1);
    return [...counts]
      .sort()
      .map(([subject, count]) => `  ${topic.padEnd(11)} ${subject}${count > 1 ? ` (${count})` : ''}`);
  });
}

const failure = (row: Row) =>
  `  ${String(row['error_type']).padEnd(9)} ${row['shipment_id'] ?? '-'}: ${row['error_message']} (${row['attempts']} attempts)`;

const byText = (name: string) => (a: Row, b: Row) => String(a[name]).localeCompare(String(b[name]));
