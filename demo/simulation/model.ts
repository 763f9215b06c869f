import { type Status, statusRule } from '../../contracts/statuses';
import type { DayEvent } from './day';

/** An event on the bus, with the id that EventBridge gave it. */
export interface SentDayEvent {
  readonly event: DayEvent;
  readonly envelopeId: string;
}

interface AcceptedEvent {
  readonly eventId: string;
  readonly timestamp: number;
  readonly shipment: string;
  readonly status: Status;
  readonly corrects: boolean;
  readonly notifies: boolean;
}

/** The state at the end of the day, computed without any of the application's code. */
export interface Expected {
  /** By `event_id@timestamp`. */
  readonly accepted: ReadonlyMap<string, AcceptedEvent>;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly unrouted: number;
  /** `event_id@timestamp` of the current event, by shipment. */
  readonly current: ReadonlyMap<string, string>;
}

export function expectedOf(sent: readonly SentDayEvent[]): Expected {
  const accepted = new Map<string, AcceptedEvent>();
  const contents = new Map<string, string>();
  const current = new Map<string, string>();
  const count = { duplicates: 0, conflicts: 0, rejected: 0, unrouted: 0 };
  for (const { event, envelopeId } of sent) {
    if (event.flaw === 'malformed') count.rejected += 1;
    if (event.flaw === 'unrouted') count.unrouted += 1;
    if (event.flaw) continue;
    const candidate = acceptedEvent(event, envelopeId);
    const identity = `${candidate.eventId}@${candidate.timestamp}`;
    const content = JSON.stringify(event.detail);
    if (!accepted.has(identity)) {
      accepted.set(identity, candidate);
      contents.set(identity, content);
    } else if (contents.get(identity) === content) count.duplicates += 1;
    else count.conflicts += 1;
  }
  for (const shipment of new Set([...accepted.values()].map((event) => event.shipment))) {
    const { eventId, timestamp } = currentOf([...accepted.values()].filter((event) => event.shipment === shipment));
    current.set(shipment, `${eventId}@${timestamp}`);
  }
  return { accepted, current, ...count };
}

function acceptedEvent({ detail, time, 'detail-type': detailType }: DayEvent, envelopeId: string): AcceptedEvent {
  const { event_id, occurred_at, shipment_id, status } = detail as Record<string, string>;
  const corrects = detailType === 'Shipment Status Corrected';
  return {
    eventId: event_id ?? envelopeId,
    timestamp: Date.parse(occurred_at ?? time),
    shipment: shipment_id ?? '',
    status: status as Status,
    corrects,
    notifies: detail['notify'] !== false && (corrects || statusRule(status as Status).notifies),
  };
}

/** The latest correction voids all events up to its time. Of the rest, a closing event wins, then the latest. */
function currentOf(events: readonly AcceptedEvent[]): AcceptedEvent {
  const [correction] = events.filter(({ corrects }) => corrects).sort(latestFirst);
  const rest = events.filter((event) => !correction || event === correction || event.timestamp > correction.timestamp);
  const closing = rest.filter(({ status }) => statusRule(status).closed);
  const [current] = (closing.length > 0 ? closing : rest).sort(latestFirst);
  if (!current) throw new Error('a shipment without an event');
  return current;
}

const latestFirst = (a: AcceptedEvent, b: AcceptedEvent) =>
  b.timestamp - a.timestamp || fractionOf(b) - fractionOf(a) || (b.eventId > a.eventId ? 1 : -1);

/** Ranks sort like decimal fractions. */
const fractionOf = ({ status }: AcceptedEvent) => Number(`0.${statusRule(status).rank}`);
