import { functionName } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { notifies, type ShipmentEventKind } from '../../../contracts/shipment-events';
import { ENVIRONMENT } from '../../../local/deploy';
import type { Call } from '../../../local/faults/fault-proxy';
import {
  messagesByQueue,
  type Notification,
  type Row,
  type Snapshot,
  shipmentOf,
  takeSnapshot,
} from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import type { EventKind } from './event-kinds';
import { ANNOUNCEMENTS } from './fault-stack';
import type { Delivered } from './lambda';

/** One event that was delivered with a fault, and its redrive if that failed. */
export interface Try {
  readonly kind: EventKind;
  readonly id: string;
  /** The first delivery, and the redrive without a fault if its retries were exhausted. */
  readonly deliveries: readonly Delivered[];
}

export interface State {
  readonly snapshot: Snapshot;
  readonly announcements: readonly Row[];
}

export async function observe(stack: LocalStack): Promise<State> {
  const queues = await messagesByQueue(stack.endpoint);
  return {
    snapshot: await takeSnapshot(stack),
    announcements: (queues.get(ANNOUNCEMENTS) ?? []).map((body) => JSON.parse(body).detail),
  };
}

/** Describes each promise of the design that this try broke. */
export function brokenPromises(tried: Try, state: State): string[] {
  const { kind } = tried;
  const ends = {
    accepted: acceptedInTheEnd,
    notified: notifiedInTheEnd,
    summarized: notifiedInTheEnd,
    rejected: rejectedInTheEnd,
    conflict: rejectedInTheEnd,
  }[kind.ends];
  return [...ends(tried, state), ...failureRecorded(tried, state), ...announcedOnce(tried, state)];
}

const unless = (holds: boolean, problem: string) => (holds ? [] : [problem]);

const detailOf = (envelope: Readonly<Record<string, unknown>>) =>
  envelope['detail'] as { event_id: string; status: string; shipment_id: string };

const wasAccepted = ({ deliveries }: Try) => deliveries.at(-1)?.accepted === true;

function acceptedInTheEnd(tried: Try, { snapshot }: State): string[] {
  const { kind, id } = tried;
  const all = [...kind.before(id), kind.event(id)].map(detailOf);
  const ids = [...new Set(all.map(({ event_id }) => event_id))].sort();
  const rows = snapshot.log.filter(({ shipment_id }) => shipment_id === `SHP-${id}`);
  const shipment = snapshot.shipments.find(({ shipment_id }) => shipment_id === `SHP-${id}`);
  const current = all[kind.current]?.event_id;
  return [
    ...unless(wasAccepted(tried), 'was never accepted'),
    ...unless(
      rows
        .map((row) => row['event_id'])
        .sort()
        .join() === ids.join(),
      `has ${rows.length} log rows for ${ids.length} events`,
    ),
    ...unless(shipment?.['event_id'] === current, `has the status of ${shipment?.['event_id']}, not of ${current}`),
    ...rows.flatMap((row) => {
      const notified = snapshot.notifications.processing.filter((message) => isAbout(message, row)).length;
      const { detail_type, status, notify } = row;
      if (!notifies({ detail_type, status, notify } as ShipmentEventKind))
        return unless(notified === 0, 'notified for a status that does not notify');
      return [
        ...unless(row['notified_at'] !== undefined, 'is not marked as notified'),
        ...notifiedOnce(notified, tried),
      ];
    }),
  ];
}

const isAbout = (notification: Notification, row: Row) =>
  shipmentOf(notification) === row['shipment_id'] && JSON.parse(notification.Message).event_id === row['event_id'];

function notifiedOnce(notified: number, tried: Try): string[] {
  const mayRepeat = tried.deliveries.some(({ calls }) => isUnmarked(calls, 'sns Publish'));
  if (mayRepeat) return unless(notified >= 1, 'sent no notification');
  return unless(notified === 1, `notified ${notified} times`);
}

/**
 * True when a call had its effect without a mark: its outcome was lost, or the mark was not written in that attempt. Only then may the
 * effect be repeated.
 */
function isUnmarked(calls: readonly Call[], label: string): boolean {
  return calls.some((call, place) => {
    if (call.label !== label || !call.effect) return false;
    if (call.act !== undefined) return true;
    const later = calls.slice(place + 1).filter(({ attempt }) => attempt === call.attempt);
    const [first] = later;
    // On a busy machine the answer was late, and the SDK sent the call again.
    if (first?.label === label) return true;
    // The next call writes the mark. After a fault the SDK repeats it, except after a transaction conflict.
    if (first?.act === 'transaction conflict') return true;
    return !later.some((mark) => mark.label === first?.label && mark.effect);
  });
}

const rowNamed = ({ snapshot }: State, name: unknown) => snapshot.errors.find(({ error_id }) => error_id === name);

const errorRow = ({ kind, id }: Try, state: State) =>
  rowNamed(state, `${inEnvironment(functionName(kind.key), ENVIRONMENT)}/${kind.event(id)['id']}`);

/**
 * Checks that the event was notified, in its own message or in the summary of its minute, which no two tries share. An event of a kind that
 * ends in a summary has its own message if its first attempt wrote no row: then its retry belongs to another minute.
 */
function notifiedInTheEnd(tried: Try, state: State): string[] {
  const { kind, id, deliveries } = tried;
  const event = kind.event(id);
  // An announcement of ours names the failed event's row; other error events have their own.
  const isOurs = event['source'] === 'logistics.pipeline';
  const row = rowNamed(state, isOurs ? (event['detail'] as Row)['error_id'] : `external/${event['id']}`);
  const topic = state.snapshot.notifications[event['detail-type'] === 'Critical Error' ? 'alerts' : 'processing'];
  const messages = topic.filter(({ Message }) => Message.includes(`feed of ${id} is down`));
  const summaries = topic.filter(
    ({ Message }) => kind.ends === 'summarized' && JSON.parse(Message).timestamp === row?.['first_seen_at'],
  );
  return [
    ...unless(wasAccepted(tried), 'was never handled'),
    ...unless(
      Object.keys(row ?? {}).some((name) => name.endsWith('_notified_at')),
      'has no row that is marked as notified',
    ),
    ...unless(
      !deliveries.some(({ calls }) => calls.some(({ service }) => service === 'events')),
      'put an event on the bus',
    ),
    ...unless(
      summaries.every(({ Message }) => JSON.parse(Message).details.suppressed >= 1),
      'sent a summary that counts no event',
    ),
    ...notifiedOnce(messages.length + summaries.length, tried),
  ];
}

function rejectedInTheEnd(tried: Try, state: State): string[] {
  const { kind, id } = tried;
  const row = errorRow(tried, state);
  const logRows = state.snapshot.log.filter(({ shipment_id }) => shipment_id === `SHP-${id}`);
  return [
    ...unless(!wasAccepted(tried), 'was accepted'),
    ...unless(logRows.length === kind.before(id).length, `left ${logRows.length} log rows`),
    ...unless(row?.['error_type'] === kind.ends, `has the error row ${JSON.stringify(row)}`),
    ...unless(
      Object.keys((row?.['announced'] as object | undefined) ?? {}).includes(kind.ends),
      'is not marked as announced',
    ),
  ];
}

/** Number of attempts that threw an error and recorded it without a fault. */
function recordedAttempts({ attempts, calls }: Delivered): number {
  return attempts.filter(({ error, killed }, attempt) => {
    if (killed || error === undefined || ['InProgress', 'Postponed'].includes(error.name)) return false;
    return !calls.some((call) => call.attempt === attempt && call.act !== undefined && isErrorTable(call));
  }).length;
}

const isErrorTable = ({ label }: Call) => label.startsWith('dynamodb UpdateItem logistics-error-events');

/** Checks that the event's error row counts every attempt that recorded its failure. */
function failureRecorded(tried: Try, state: State): string[] {
  const recorded = tried.deliveries.reduce((sum, delivery) => sum + recordedAttempts(delivery), 0);
  const counted = Number(errorRow(tried, state)?.['attempts'] ?? 0);
  return unless(counted >= recorded, `has ${counted} attempts on its row, ${recorded} were recorded`);
}

/** Checks that a failure was announced after the last attempt: once for each reason, more often only if an outcome was lost. */
function announcedOnce(tried: Try, state: State): string[] {
  const { error_id } = errorRow(tried, state) ?? {};
  const announced = state.announcements.filter((detail) => error_id !== undefined && detail['error_id'] === error_id);
  const reasons = new Set(announced.map((detail) => detail['error_type']));
  const mayRepeat = tried.deliveries.some(({ calls }) => isUnmarked(calls, 'events PutEvents'));
  const isExhausted = tried.deliveries.some(
    (delivery) => !delivery.accepted && recordedAttempts(delivery) === 3 && !delivery.calls.some(isFaultyAnnouncement),
  );
  const due =
    tried.kind.ends === 'rejected' || tried.kind.ends === 'conflict' || (isExhausted && tried.kind.ends === 'accepted');
  return [
    ...unless(mayRepeat || announced.length === reasons.size, `was announced ${announced.length} times`),
    ...unless(!due || announced.length > 0, 'was not announced'),
  ];
}

const isFaultyAnnouncement = ({ service, act }: Call) => service === 'events' && act !== undefined;
