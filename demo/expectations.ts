import { attemptsOf, functionName, recordsShipments } from '../contracts/functions';
import { inEnvironment } from '../contracts/names';
import { parseInstant } from '../contracts/rfc3339';
import { notifies, type ShipmentEventKind } from '../contracts/shipment-events';
import { ENVIRONMENT } from '../local/deploy';
import { eventOf, type Row, type Snapshot, shipmentOf } from '../local/snapshot';
import type { SampleEvent } from './sample-events';
import type { SentWebhook } from './sample-webhooks';

/** A sample that was put on the bus, with the id that EventBridge gave it. */
export interface SentEvent extends SampleEvent {
  readonly envelopeId: string;
}

/** Promises about each sent event and webhook that the snapshot does not show (yet); empty when all of them hold. */
export function unmet(sent: readonly SentEvent[], webhooks: readonly SentWebhook[], snapshot: Snapshot): string[] {
  const missing = [
    ...sent.flatMap((event) => missingOf(event, snapshot).map((what) => `${event.name}: ${what}`)),
    ...webhooks.flatMap((webhook) => missingOfWebhook(webhook, snapshot).map((what) => `${webhook.platform}: ${what}`)),
  ];
  const identities = new Set(sent.filter(isAcceptedShipmentEvent).map((event) => identityOf(event).join('@')));
  const events = identities.size + webhooks.flatMap(({ statuses }) => statuses).length;
  if (snapshot.log.length !== events) {
    missing.push(`the log has ${snapshot.log.length} rows for ${events} distinct events`);
  }
  const notifying = snapshot.log.filter(({ detail_type, status, notify }) =>
    notifies({ detail_type, status, notify } as ShipmentEventKind),
  ).length;
  // By event: the SDK sends a message again whose answer came too late.
  const notifications = snapshot.notifications.processing.filter(shipmentOf);
  const notified = new Set(notifications.map(eventOf)).size;
  if (notified !== notifying) missing.push(`shipment notifications of ${notified} events, and ${notifying} notify`);
  return missing;
}

const isAcceptedShipmentEvent = ({ key, reason }: SampleEvent) =>
  reason === undefined && key !== undefined && recordsShipments(key);

function missingOf(sent: SentEvent, snapshot: Snapshot): string[] {
  if (sent.key === undefined)
    return missing(!holds(snapshot.unrouted, sent.envelopeId), 'is not in the unrouted queue');
  if (sent.reason !== undefined) return missingOfRejected(sent, sent.key, sent.reason, snapshot);
  if (sent.key === 'notification-handler') {
    const { error_id = `external/${sent.envelopeId}` } = sent.event.detail as { error_id?: string };
    const row = errorRow(snapshot, error_id);
    return missing(!row || !notifiedAs(row), 'has no notified row in the error table');
  }
  return missing(recordsShipments(sent.key) && !logRow(snapshot, sent), 'is not in the log');
}

function missingOfWebhook({ shipment, statuses, answer }: SentWebhook, { log, shipments }: Snapshot): string[] {
  const history = log
    .filter(({ shipment_id }) => shipment_id === shipment)
    .sort((one, other) => Number(one['timestamp']) - Number(other['timestamp']))
    .map(({ status }) => status);
  const current = shipments.find(({ shipment_id }) => shipment_id === shipment)?.['status'];
  return [
    ...missing(answer !== 200, `was answered with ${answer}`),
    ...missing(history.join() !== statuses.join(), `has the history ${history.join()} and not ${statuses.join()}`),
    ...missing(current !== statuses.at(-1), `stands at ${current} and not at ${statuses.at(-1)}`),
  ];
}

function missingOfRejected(sent: SentEvent, key: NonNullable<SentEvent['key']>, reason: string, snapshot: Snapshot) {
  const row = errorRow(snapshot, `${inEnvironment(functionName(key), ENVIRONMENT)}/${sent.envelopeId}`);
  if (!row) return ['has no row in the error table'];
  const message = String(row['error_message']);
  return [
    ...missing(!message.startsWith(reason), `was refused because "${message}" and not "${reason}"`),
    ...missing(row['attempts'] !== attemptsOf(key), `has ${row['attempts']} attempts`),
    ...missing(!holds(snapshot.failed[key], sent.envelopeId), 'is not in the dead-letter queue'),
    ...missing(key !== 'notification-handler' && !notifiedAs(row), 'was not announced'),
  ];
}

const missing = (isMissing: boolean, what: string) => (isMissing ? [what] : []);

const holds = (bodies: readonly string[], envelopeId: string) => bodies.some((body) => body.includes(envelopeId));

const errorRow = ({ errors }: Snapshot, errorId: string) => errors.find(({ error_id }) => error_id === errorId);

const notifiedAs = (row: Row) => Object.keys(row).some((name) => name.endsWith('_notified_at'));

function logRow({ log }: Snapshot, sent: SentEvent): Row | undefined {
  const [eventId, timestamp] = identityOf(sent);
  return log.find((row) => row['event_id'] === eventId && row['timestamp'] === timestamp);
}

function identityOf({ event, envelopeId }: SentEvent): readonly [eventId: string, timestamp: number | undefined] {
  const { event_id = envelopeId, occurred_at = event.time } = event.detail as {
    event_id?: string;
    occurred_at?: string;
  };
  return [event_id, parseInstant(occurred_at)];
}
