/** A shipment's events in the order that decides its status, and what is worth knowing about each. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isCorrection } from '../contracts/shipment-events';
import { isStatus, type Status, statusRule } from '../contracts/statuses';
import { UserError } from '../lib/user-error.mjs';
import { isUnexpectedTransition } from '../src/domain/transitions';
import { type Versioned, versionOf } from '../src/domain/version';

type Item = Readonly<Record<string, AttributeValue>>;

/** The shipment's status row: where it stands, and by which event. */
export type CurrentStatus = Versioned;

/** Attributes of a log row that the timeline needs. */
export interface LoggedEvent extends Versioned {
  readonly detail_type: string;
  readonly old_status?: string;
  /** When a function handled it, by that function's clock; ISO 8601. */
  readonly processed_at: string;
  readonly notified_at?: string;
  /** As its carrier estimated it; ISO 8601. */
  readonly estimated_delivery?: string;
}

export interface TimelineEvent {
  readonly time: string;
  readonly status: Status;
  readonly event_id: string;
  readonly detail_type: string;
  readonly processed_at: string;
  /** The shipment's status comes from it. */
  readonly current: boolean;
  /** Handled after an event that comes later in this order: it changed nothing. */
  readonly late: boolean;
  readonly notified_at: string | null;
  readonly estimated_delivery: string | null;
  /** All that is worth knowing about it, in words. */
  readonly marks: readonly string[];
}

const text = (item: Item, name: string) => item[name]?.S ?? '';

/** @throws UserError when a newer version of the functions wrote the row */
export function readCurrentStatus(item: Item): CurrentStatus {
  const status = text(item, 'status');
  if (!isStatus(status))
    throw new UserError(`a row has the status ${JSON.stringify(status)}: this command is older than the stack`);
  return { status, timestamp: Number(item['timestamp']?.N), event_id: text(item, 'event_id') };
}

export function readLoggedEvent(item: Item): LoggedEvent {
  const result = item['process_result']?.M ?? {};
  return {
    ...readCurrentStatus(item),
    detail_type: text(item, 'detail_type'),
    processed_at: text(result, 'processed_at'),
    ...(item['old_status'] && { old_status: text(item, 'old_status') }),
    ...(item['notified_at'] && { notified_at: text(item, 'notified_at') }),
    ...(result['estimated_delivery'] && { estimated_delivery: text(result, 'estimated_delivery') }),
  };
}

export function timelineOf(events: readonly LoggedEvent[], current: CurrentStatus | undefined): TimelineEvent[] {
  const inOrder = events
    .map((event) => ({ event, version: versionOf(event) }))
    .sort((a, b) => (a.version < b.version ? -1 : 1))
    .map(({ event }) => event);
  const late = lateOnes(inOrder);
  const closedAt = inOrder.find(isClosed)?.timestamp ?? Number.POSITIVE_INFINITY;
  const currentVersion = current && versionOf(current);

  return inOrder.map((event, index) => {
    const is = { current: versionOf(event) === currentVersion, late: late.has(event) };
    const marks = [
      is.current && 'current',
      is.late && 'late',
      !isClosed(event) && event.timestamp > closedAt && 'after it was closed',
      ...marksOfMove(event, inOrder[index - 1]),
      event.estimated_delivery !== undefined && `delivery estimated ${event.estimated_delivery}`,
      markOfNotification(event),
    ];
    const { timestamp, notified_at = null, estimated_delivery = null } = event;
    const { status, event_id, detail_type, processed_at } = event;
    const time = new Date(timestamp).toISOString();
    const words = marks.filter((mark) => mark !== false);
    const known = { time, status, event_id, detail_type, processed_at, notified_at, estimated_delivery };
    return { ...known, ...is, marks: words };
  });
}

/** The latest estimate of a shipment that is open, of its events that no correction removed; ISO 8601. */
export function deliveryEstimateOf(
  timeline: readonly TimelineEvent[],
  current: Pick<CurrentStatus, 'status'> | undefined,
) {
  if (!current || isClosed(current)) return null;
  const corrections = timeline.filter(isCorrection).map(({ time }) => time);
  const corrected = corrections.sort().at(-1) ?? '';
  const counts = (event: TimelineEvent) => event.time > corrected || (event.time === corrected && isCorrection(event));
  const estimate = timeline.findLast((event) => event.estimated_delivery !== null && counts(event));
  return estimate?.estimated_delivery ?? null;
}

const isClosed = ({ status }: Pick<LoggedEvent, 'status'>) => statusRule(status).closed;

/** Those that were handled after an event that comes later in the order: the status had moved past them. */
function lateOnes(inOrder: readonly LoggedEvent[]): ReadonlySet<LoggedEvent> {
  const late = new Set<LoggedEvent>();
  let earliest = '\uffff';
  for (const event of [...inOrder].reverse()) {
    if (event.processed_at > earliest) late.add(event);
    else earliest = event.processed_at;
  }
  return late;
}

/** The first event of a shipment is never a surprise. */
function marksOfMove({ status, old_status }: LoggedEvent, before: LoggedEvent | undefined) {
  if (!before) return [];
  return [
    isUnexpectedTransition(before.status, status) && `unexpected after ${before.status}`,
    old_status !== undefined && old_status !== before.status && `expected ${old_status}`,
  ];
}

function markOfNotification({ status, notified_at }: LoggedEvent) {
  if (notified_at) return `notified ${notified_at}`;
  return statusRule(status).notifies && 'not notified';
}
