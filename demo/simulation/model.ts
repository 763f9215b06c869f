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
  readonly content: string;
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
  const count = { duplicates: 0, conflicts: 0, rejected: 0, unrouted: 0 };
  for (const { event, envelopeId } of sent) {
    if (event.flaw === 'malformed') count.rejected += 1;
    if (event.flaw === 'unrouted') count.unrouted += 1;
    if (event.flaw) continue;
    const candidate = acceptedEvent(event, envelopeId);
    const known = accepted.get(identityOf(candidate));
    if (!known) accepted.set(identityOf(candidate), candidate);
    else if (known.content === candidate.content) count.duplicates += 1;
    else count.conflicts += 1;
  }
  const byShipment = Map.groupBy(accepted.values(), ({ shipment }) => shipment);
  const current = [...byShipment].map(([shipment, events]) => [shipment, identityOf(currentOf(events))] as const);
  return { accepted, current: new Map(current), ...count };
}

const identityOf = ({ eventId, timestamp }: AcceptedEvent) => `${eventId}@${timestamp}`;

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
    content: JSON.stringify(detail),
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
