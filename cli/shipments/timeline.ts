/** A shipment's events in the order that decides its status, and what is worth knowing about each. */
import { REDACTED } from '../../contracts/redaction';
import { shellWord } from '../../contracts/shell';
import { isCorrection, notifies } from '../../contracts/shipment-events';
import { type Status, statusRule } from '../../contracts/statuses';
import type { CurrentStatus, LoggedEvent } from '../../publisher/shipment-rows';
import { isUnexpectedTransition } from '../../src/domain/transitions';
import { placeInTime, versionOf } from '../../src/domain/version';

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
  /** false: a correction says what was true at its time. */
  readonly counts: boolean;
  readonly notified_at: string | null;
  readonly estimated_delivery: string | null;
  /** Why a correction was made; null of any other event. */
  readonly reason: string | null;
  /** All that is worth knowing about it, in words. */
  readonly marks: readonly string[];
}

/**
 * The events that no longer count, by time, then those that do, in the order that decides the status. A correction says what was true at its
 * time: the latest one counts, and every event later than it.
 */
export function timelineOf(events: readonly LoggedEvent[], current: CurrentStatus | undefined): TimelineEvent[] {
  const counts = countingIn(events);
  const voided = events.filter((event) => !counts(event)).sort(by(placeInTime));
  const counting = events.filter(counts).sort(by(versionOf));
  const late = lateOnes([...voided, ...counting]);
  const closedAt = counting.find(isClosed)?.timestamp ?? Number.POSITIVE_INFINITY;
  const currentVersion = current && versionOf(current);

  const described = (event: LoggedEvent, counts: boolean, marksOfPlace: readonly (string | false)[]): TimelineEvent => {
    const is = { current: versionOf(event) === currentVersion, late: late.has(event), counts };
    const marks = [
      is.current && 'current',
      is.late && 'late',
      ...marksOfPlace,
      event.estimated_delivery !== undefined && `delivery estimated ${event.estimated_delivery}`,
      markOfNotification(event),
      // Last, because it may be long.
      isCorrection(event) && correctionInWords(event),
    ];
    const { timestamp, notified_at = null, estimated_delivery = null, reason = null } = event;
    const { status, event_id, detail_type, processed_at } = event;
    const time = new Date(timestamp).toISOString();
    const words = marks.filter((mark) => mark !== false);
    const known = { time, status, event_id, detail_type, processed_at, notified_at, estimated_delivery, reason };
    return { ...known, ...is, marks: words };
  };
  return [
    ...voided.map((event) => described(event, false, ['no longer counts'])),
    ...counting.map((event, index) =>
      described(event, true, [
        !isClosed(event) && event.timestamp > closedAt && 'after it was closed',
        ...marksOfTransition(event, counting[index - 1]),
      ]),
    ),
  ];
}

/** Tells which of a shipment's events count. */
export function countingIn(events: readonly LoggedEvent[]): (event: LoggedEvent) => boolean {
  const correction = latestCorrection(events);
  return (event) => !correction || event === correction || event.timestamp > correction.timestamp;
}

/** The one that decides which events count. */
export const latestCorrection = (events: readonly LoggedEvent[]): LoggedEvent | undefined =>
  events.filter(isCorrection).sort(by(placeInTime)).at(-1);

const by = (key: (event: LoggedEvent) => string) => (a: LoggedEvent, b: LoggedEvent) => (key(a) < key(b) ? -1 : 1);

/** A correction has no reason once its row was redacted. */
const correctionInWords = ({ corrects, corrected_by, reason = REDACTED }: LoggedEvent) =>
  `correction${corrects ? ` of ${shellWord(corrects)}` : ''}${corrected_by ? ` by ${corrected_by}` : ''}: ${reason}`;

/** The latest estimate of a shipment that is open, of its events that no correction removed; ISO 8601. */
export function deliveryEstimateOf(
  timeline: readonly TimelineEvent[],
  current: Pick<CurrentStatus, 'status'> | undefined,
) {
  if (!current || isClosed(current)) return null;
  return timeline.findLast((event) => event.counts && event.estimated_delivery !== null)?.estimated_delivery ?? null;
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

/** The first event of a shipment is never a surprise, and no correction is one. */
function marksOfTransition(event: LoggedEvent, before: LoggedEvent | undefined) {
  if (!before || isCorrection(event)) return [];
  const { status, old_status } = event;
  return [
    isUnexpectedTransition(before.status, status) && `unexpected after ${before.status}`,
    old_status !== undefined && old_status !== before.status && `expected ${old_status}`,
  ];
}

function markOfNotification(event: LoggedEvent) {
  if (event.notified_at) return `notified ${event.notified_at}`;
  return notifies(event) && 'not notified';
}
