import { eventOf, type Row, type Snapshot, shipmentOf } from '../../local/snapshot';
import { failures } from '../views';
import type { Expected } from './model';

/** Counts of the tables, topics and queues, compared with the model's. */
interface Reconciliation {
  readonly lines: readonly (readonly [name: string, counted: number, expected: number])[];
  /** Differences from the model; empty when reconciled. */
  readonly wrong: readonly string[];
}

const identityOf = (row: Row) => `${row['event_id']}@${row['timestamp']}`;

interface Day {
  readonly sent: number;
  readonly expected: Expected;
  readonly snapshot: Snapshot;
  /** Events that may have been notified twice. */
  readonly doubtful: ReadonlySet<string>;
  /** Number of differences between statuses and log that `logistics rebuild` finds. */
  readonly differences: number;
}

export function reconcile({ sent, expected, snapshot, doubtful, differences }: Day): Reconciliation {
  const ofType = (type: string) => failures(snapshot).filter(({ error_type }) => error_type === type).length;
  const queued = Object.values(snapshot.failed).flat().length;
  const accepts = [...expected.accepted.values()];
  const notifying = accepts.filter(({ notifies }) => notifies);
  const notified = Map.groupBy(snapshot.notifications.processing.filter(shipmentOf), eventOf);
  const twice = [...notified].filter(([, { length }]) => length > 1);
  const corrections = snapshot.log.filter((row) => row['detail_type'] === 'Shipment Status Corrected');
  const held = new Set(snapshot.log.map(identityOf));
  const [accepted, rejected, conflicts, unrouted] = [
    snapshot.log.length,
    ofType('rejected'),
    ofType('conflict'),
    snapshot.unrouted.length,
  ];
  const lines: Reconciliation['lines'] = [
    ['accepted (rows in the log)', accepted, expected.accepted.size],
    ['  of them corrections', corrections.length, accepts.filter(({ corrects }) => corrects).length],
    ['duplicates (without a row)', sent - accepted - rejected - conflicts - unrouted, expected.duplicates],
    ['rejected (rows in the error table)', rejected, expected.rejected],
    ['conflicts (rows in the error table)', conflicts, expected.conflicts],
    ['matched by no rule (in the unrouted queue)', unrouted, expected.unrouted],
    ['shipments (current statuses)', snapshot.shipments.length, expected.current.size],
    ['  of them different from the log (rebuild)', differences, 0],
    ['events notified', notified.size, notifying.length],
    ['in the dead-letter queues', queued, expected.rejected + expected.conflicts],
  ];
  return {
    lines,
    wrong: [
      ...lines.flatMap(([name, counted, wanted]) => (counted === wanted ? [] : [`${name}: ${counted}, not ${wanted}`])),
      ...[...expected.accepted.keys()]
        .filter((identity) => !held.has(identity))
        .map((identity) => `${identity} is lost`),
      ...snapshot.shipments.flatMap((row) => {
        const wanted = expected.current.get(String(row['shipment_id']));
        return wanted === identityOf(row) ? [] : [`${row['shipment_id']} has ${identityOf(row)}, not ${wanted}`];
      }),
      ...notifying
        .filter(({ eventId }) => !notified.has(eventId))
        .map(({ eventId }) => `no notification about ${eventId}`),
      ...twice
        .filter(([event]) => !doubtful.has(event))
        .map(([event, { length }]) => `${length} notifications about ${event}`),
    ],
  };
}
