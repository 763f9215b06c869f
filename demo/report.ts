import { QUEUED_FUNCTION_KEYS } from '../contracts/functions';
import type { Row, Snapshot } from '../local/snapshot';
import { failures, notificationsBySubject, trackOf } from './views';

const inWords = (time: string) => time.replace('T', ' ').slice(0, 19);

export function report(snapshot: Snapshot): string {
  return [
    'Shipments',
    ...[...snapshot.shipments].sort(byText('shipment_id')).flatMap((shipment) => track(shipment, snapshot.log)),
    '',
    'Notifications sent',
    ...notified(snapshot),
    '',
    'Failed events (table logistics-error-events-dev)',
    ...failures(snapshot).map(failure),
    '',
    'Waiting in queues',
    ...QUEUED_FUNCTION_KEYS.map((key) => `  ${key.padEnd(24)} ${snapshot.failed[key].length}`),
    `  ${'no rule takes it'.padEnd(24)} ${snapshot.unrouted.length}`,
  ].join('\n');
}

function track(shipment: Row, log: readonly Row[]): string[] {
  return [
    `  ${shipment['shipment_id']} is ${shipment['status']}`,
    ...trackOf(shipment, log).map(({ time, status, current, notified_at, late }) => {
      const marks = [current && 'current', notified_at && 'notified', late && 'arrived late'];
      return `    ${inWords(time)}  ${status.padEnd(21)} ${marks.filter(Boolean).join(', ')}`;
    }),
  ];
}

const notified = (snapshot: Snapshot) =>
  notificationsBySubject(snapshot).flatMap(({ subjects }) =>
    subjects
      .map(({ topic, subject, times }) => `  ${topic.padEnd(11)} ${subject}${times > 1 ? ` (${times})` : ''}`)
      .sort(),
  );

const failure = (row: Row) =>
  `  ${String(row['error_type']).padEnd(9)} ${row['shipment_id'] ?? '-'}: ${row['error_message']} (${row['attempts']} attempts)`;

const byText = (name: string) => (a: Row, b: Row) => String(a[name]).localeCompare(String(b[name]));
