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

/** Expectations about the sent events and webhooks that the snapshot does not meet (yet). */
export function unmet(sent: readonly SentEvent[], webhooks: readonly SentWebhook[], snapshot: Snapshot): string[] {
  const problems = [
    ...sent.flatMap((event) => problemsOf(event, snapshot).map((problem) => `${event.name}: ${problem}`)),
    ...webhooks.flatMap((webhook) =>
      problemsOfWebhook(webhook, snapshot).map((problem) => `${webhook.platform}: ${problem}`),
    ),
  ];
  const identities = new Set(sent.filter(isAcceptedShipmentEvent).map((event) => identityOf(event).join('@')));
  const events = identities.size + webhooks.flatMap(({ statuses }) => statuses).length;
  if (snapshot.log.length !== events) {
    problems.push(`the log has ${snapshot.log.length} rows for ${events} distinct events`);
  }
  const notifying = snapshot.log.filter(({ detail_type, status, notify }) =>
    notifies({ detail_type, status, notify } as ShipmentEventKind),
  ).length;
  // Counted by event: the SDK repeats a message whose answer came too late.
  const notifications = snapshot.notifications.processing.filter(shipmentOf);
  const notified = new Set(notifications.map(eventOf)).size;
  if (notified !== notifying) problems.push(`${notified} events were notified, not ${notifying}`);
  return problems;
}

const isAcceptedShipmentEvent = ({ key, reason }: SampleEvent) =>
  reason === undefined && key !== undefined && recordsShipments(key);

function problemsOf(sent: SentEvent, snapshot: Snapshot): string[] {
  if (sent.key === undefined)
    return problemIf(!holds(snapshot.unrouted, sent.envelopeId), 'is not in the unrouted queue');
  if (sent.reason !== undefined) return problemsOfRejected(sent, sent.key, sent.reason, snapshot);
  if (sent.key === 'notification-handler') {
    const { error_id = `external/${sent.envelopeId}` } = sent.event.detail as { error_id?: string };
    const row = errorRow(snapshot, error_id);
    return problemIf(!row || !isNotified(row), 'has no notified row in the error table');
  }
  return problemIf(recordsShipments(sent.key) && !logRow(snapshot, sent), 'is not in the log');
}

function problemsOfWebhook({ shipment, statuses, answer }: SentWebhook, { log, shipments }: Snapshot): string[] {
  const history = log
    .filter(({ shipment_id }) => shipment_id === shipment)
    .sort((a, b) => Number(a['timestamp']) - Number(b['timestamp']))
    .map(({ status }) => status);
  const current = shipments.find(({ shipment_id }) => shipment_id === shipment)?.['status'];
  return [
    ...problemIf(answer !== 200, `was answered with ${answer}, not 200`),
    ...problemIf(history.join() !== statuses.join(), `has the history ${history.join()}, not ${statuses.join()}`),
    ...problemIf(current !== statuses.at(-1), `has the status ${current}, not ${statuses.at(-1)}`),
  ];
}

function problemsOfRejected(sent: SentEvent, key: NonNullable<SentEvent['key']>, reason: string, snapshot: Snapshot) {
  const row = errorRow(snapshot, `${inEnvironment(functionName(key), ENVIRONMENT)}/${sent.envelopeId}`);
  if (!row) return ['has no row in the error table'];
  const message = String(row['error_message']);
  return [
    ...problemIf(!message.startsWith(reason), `was rejected because "${message}", not "${reason}"`),
    ...problemIf(row['attempts'] !== attemptsOf(key), `has ${row['attempts']} attempts, not ${attemptsOf(key)}`),
    ...problemIf(!holds(snapshot.failed[key], sent.envelopeId), 'is not in the dead-letter queue'),
    ...problemIf(key !== 'notification-handler' && !isNotified(row), 'was not announced'),
  ];
}

const problemIf = (isProblem: boolean, problem: string) => (isProblem ? [problem] : []);

const holds = (bodies: readonly string[], envelopeId: string) => bodies.some((body) => body.includes(envelopeId));

const errorRow = ({ errors }: Snapshot, errorId: string) => errors.find(({ error_id }) => error_id === errorId);

const isNotified = (row: Row) => Object.keys(row).some((name) => name.endsWith('_notified_at'));

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
