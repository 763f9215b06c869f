/** A shipment's events in the order that decides its status, with marks. */
import { REDACTED } from '../../contracts/redaction';
import { shellWord } from '../../contracts/shell';
import { isCorrection, notifies } from '../../contracts/shipment-events';
import { statusRule } from '../../contracts/statuses';
import type { CurrentStatus, LoggedEvent } from '../../publisher/shipment-rows';
import { isUnexpectedTransition } from '../../src/domain/transitions';
import { placeInTime, versionOf } from '../../src/domain/version';

export type TimelineEvent = ReturnType<typeof timelineOf>[number];

/** Events that no longer count, by time, then events that count, in the order that decides the status. */
export function timelineOf(events: readonly LoggedEvent[], current: CurrentStatus | undefined) {
  const counts = countingIn(events);
  const voided = events.filter((event) => !counts(event)).sort(by(placeInTime));
  const counting = events.filter(counts).sort(by(versionOf));
  const late = lateEvents([...voided, ...counting]);
  const closedAt = counting.find(isClosed)?.timestamp ?? Number.POSITIVE_INFINITY;
  const currentVersion = current && versionOf(current);

  const describe = (event: LoggedEvent, counts: boolean, marksOfPlace: readonly (string | false)[]) => {
    const is = {
      /** The shipment's status comes from this event. */
      current: versionOf(event) === currentVersion,
      /** Handled after an event that is later in this order, so it changed nothing. */
      late: late.has(event),
      /** False for an event that a correction has voided. */
      counts,
    };
    const marks = [
      is.current && 'current',
      is.late && 'late',
      ...marksOfPlace,
      event.estimated_delivery !== undefined && `delivery estimated ${event.estimated_delivery}`,
      markOfNotification(event),
      // Last, because a reason may be long.
      isCorrection(event) && correctionInWords(event),
    ];
    const { timestamp, notified_at = null, estimated_delivery = null, reason = null } = event;
    const { status, event_id, detail_type, processed_at } = event;
    const time = new Date(timestamp).toISOString();
    const facts = { time, status, event_id, detail_type, processed_at, notified_at, estimated_delivery, reason };
    return { ...facts, ...is, marks: marks.filter((mark) => mark !== false) };
  };
  return [
    ...voided.map((event) => describe(event, false, ['no longer counts'])),
    ...counting.map((event, index) =>
      describe(event, true, [
        !isClosed(event) && event.timestamp > closedAt && 'after it was closed',
        ...marksOfTransition(event, counting[index - 1]),
      ]),
    ),
  ];
}

/** Returns a test of whether an event counts: the latest correction and every later event do. */
export function countingIn(events: readonly LoggedEvent[]): (event: LoggedEvent) => boolean {
  const correction = latestCorrection(events);
  return (event) => !correction || event === correction || event.timestamp > correction.timestamp;
}

export const latestCorrection = (events: readonly LoggedEvent[]): LoggedEvent | undefined =>
  events.filter(isCorrection).sort(by(placeInTime)).at(-1);

const by = (key: (event: LoggedEvent) => string) => (a: LoggedEvent, b: LoggedEvent) => (key(a) < key(b) ? -1 : 1);

/** A redacted correction has no reason. */
const correctionInWords = ({ corrects, corrected_by, reason = REDACTED }: LoggedEvent) =>
  `correction${corrects ? ` of ${shellWord(corrects)}` : ''}${corrected_by ? ` by ${corrected_by}` : ''}: ${reason}`;

/** Latest estimate of an open shipment among the events that count; ISO 8601. */
export function deliveryEstimateOf(
  timeline: readonly TimelineEvent[],
  current: Pick<CurrentStatus, 'status'> | undefined,
) {
  if (!current || isClosed(current)) return null;
  return timeline.findLast((event) => event.counts && event.estimated_delivery !== null)?.estimated_delivery ?? null;
}

const isClosed = ({ status }: Pick<LoggedEvent, 'status'>) => statusRule(status).closed;

function lateEvents(inOrder: readonly LoggedEvent[]): ReadonlySet<LoggedEvent> {
  const late = new Set<LoggedEvent>();
  let earliest = '\uffff';
  for (const event of [...inOrder].reverse()) {
    if (event.processed_at > earliest) late.add(event);
    else earliest = event.processed_at;
  }
  return late;
}

/** Marks of an unexpected transition. A shipment's first event and a correction have none. */
function marksOfTransition(event: LoggedEvent, previous: LoggedEvent | undefined) {
  if (!previous || isCorrection(event)) return [];
  const { status, old_status } = event;
  return [
    isUnexpectedTransition(previous.status, status) && `unexpected after ${previous.status}`,
    old_status !== undefined && old_status !== previous.status && `expected ${old_status}`,
  ];
}

function markOfNotification(event: LoggedEvent) {
  if (event.notified_at) return `notified ${event.notified_at}`;
  return notifies(event) && 'not notified';
}
