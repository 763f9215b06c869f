import { type Status, statusRule } from '../../contracts/statuses';
import type { DayEvent } from './day';

/** An event that was put on the bus, with the id EventBridge gave it. */
export interface SentDayEvent {
  readonly event: DayEvent;
  readonly envelopeId: string;
}

interface Known {
  readonly eventId: string;
  readonly timestamp: number;
  readonly shipment: string;
  readonly status: Status;
}

/** What must be true at the end of the day, worked out without any of the application's code. */
export interface Expected {
  /** By `event_id@timestamp`. */
  readonly accepted: ReadonlyMap<string, Known>;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly unrouted: number;
  /** The `event_id@timestamp` that is current, by shipment. */
  readonly current: ReadonlyMap<string, string>;
}

export function expectedOf(sent: readonly SentDayEvent[]): Expected {
  const accepted = new Map<string, Known>();
  const contents = new Map<string, string>();
  const current = new Map<string, string>();
  const count = { duplicates: 0, conflicts: 0, rejected: 0, unrouted: 0 };
  for (const { event, envelopeId } of sent) {
    if (event.flaw === 'malformed') count.rejected += 1;
    if (event.flaw === 'unrouted') count.unrouted += 1;
    if (event.flaw) continue;
    const known = knownOf(event, envelopeId);
    const identity = `${known.eventId}@${known.timestamp}`;
    const content = JSON.stringify(event.detail);
    if (!accepted.has(identity)) {
      accepted.set(identity, known);
      contents.set(identity, content);
    } else if (contents.get(identity) === content) count.duplicates += 1;
    else count.conflicts += 1;
  }
  for (const [identity, known] of accepted) {
    const held = accepted.get(current.get(known.shipment) ?? '');
    if (!held || isGreater(known, held)) current.set(known.shipment, identity);
  }
  return { accepted, current, ...count };
}

function knownOf({ detail, time }: DayEvent, envelopeId: string): Known {
  const { event_id, occurred_at, shipment_id, status } = detail as Record<string, string>;
  return {
    eventId: event_id ?? envelopeId,
    timestamp: Date.parse(occurred_at ?? time),
    shipment: shipment_id ?? '',
    status: status as Status,
  };
}

function isGreater(a: Known, b: Known): boolean {
  const [ruleA, ruleB] = [statusRule(a.status), statusRule(b.status)];
  if (ruleA.closed !== ruleB.closed) return ruleA.closed;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  if (ruleA.rank !== ruleB.rank) return ruleA.rank > ruleB.rank;
  return a.eventId > b.eventId;
}
