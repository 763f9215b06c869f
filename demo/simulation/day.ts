import { contract as created } from '../../contracts/events/shipment-processor/shipment-created';
import { contract as corrected } from '../../contracts/events/status-updater/shipment-status-corrected';
import { contract as updated } from '../../contracts/events/status-updater/shipment-status-updated';
import { STATUSES, type Status, statusRule } from '../../contracts/statuses';
import type { EventFile } from '../../local/stack';
import type { Random } from './random';

/** Expectation of the model about an event, beside its content. */
export type Flaw = 'malformed' | 'unrouted';

export interface DayEvent extends EventFile {
  readonly detail: Readonly<Record<string, unknown>>;
  /** Undefined for an event that has nothing wrong with it. */
  readonly flaw?: Flaw;
}

interface Planned {
  readonly event: DayEvent;
  /** Minutes into the day at which it reaches the bus. */
  readonly at: number;
}

const DAY = Date.UTC(2026, 2, 2);
const MINUTE_MS = 60_000;

const at = (minute: number) => new Date(DAY + Math.round(minute * MINUTE_MS));

/** How often carriers do what they do. */
const HABITS = {
  ownIdentity: 0.7,
  late: 0.1,
  duplicate: 0.06,
  sameIdentityOtherContent: 0.01,
  slowClock: 0.02,
  afterClosing: 0.15,
  sameAgain: 0.4,
  corrected: 0.05,
  quiet: 0.1,
  malformed: 0.05,
  mistypedDetailType: 0.005,
};

/** A day of shipments, in the order in which their events reach the bus. */
export function aDay(shipments: number, updates: number, random: Random): DayEvent[] {
  const planned: Planned[] = [];
  const perShipment = updates / shipments;
  for (let shipment = 0; shipment < shipments; shipment += 1) {
    const id = `SIM-${1_000 + shipment}`;
    planned.push(...lifeOf(id, perShipment, random));
  }
  return planned.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

function lifeOf(shipment: string, updates: number, random: Random): Planned[] {
  const planned: Planned[] = [];
  let minute = random.next() * 600;
  let status: Status = 'pending';
  planned.push(...toldBy(shipment, created.detailType, status, minute, 0, random));
  const count = Math.floor(updates) + (random.chance(updates % 1) ? 1 : 0);
  for (let step = 1; step <= count || random.chance(HABITS.afterClosing); step += 1) {
    minute += 1 + random.next() * 180;
    status = nextStatus(status, step >= count, random);
    planned.push(...toldBy(shipment, updated.detailType, status, minute, step, random));
    if (random.chance(HABITS.corrected)) {
      // As of the mistaken event's own moment, or of a later one.
      if (random.chance(0.5)) minute += random.next() * 60;
      status = random.pick(STATUSES);
      planned.push(...toldBy(shipment, corrected.detailType, status, minute, `${step}-corrected`, random));
    }
  }
  return planned;
}

/** Another scan of the same status, an expected move, or after the end of the way anything at all: a mistake. */
function nextStatus(status: Status, isLast: boolean, random: Random): Status {
  const { next, closed } = statusRule(status);
  if (closed) return random.pick(STATUSES);
  if (status !== 'pending' && !isLast && random.chance(HABITS.sameAgain)) return status;
  const moves = next.filter((move) => statusRule(move as Status).closed === isLast);
  return random.pick(moves.length > 0 ? moves : next) as Status;
}

/** One event as its carrier tells it: perhaps late, twice, with a wrong clock, or not as it should. */
function toldBy(
  shipment: string,
  detailType: string,
  status: Status,
  minute: number,
  step: number | string,
  random: Random,
) {
  const occurred = random.chance(HABITS.slowClock) ? minute - 300 : minute;
  const arrives = minute + random.next() * 2 + (random.chance(HABITS.late) ? random.next() * 300 : 0);
  const hasIdentity = random.chance(HABITS.ownIdentity);
  const detail = {
    shipment_id: shipment,
    status,
    metadata: { carrier: random.pick(['NordFreight', 'AlpenCargo', 'IberExpress']), step },
    ...(detailType === corrected.detailType && { reason: 'scanned by mistake' }),
    ...(random.chance(HABITS.quiet) && { notify: false }),
    ...(hasIdentity && { event_id: `${shipment}-${step}`, occurred_at: at(occurred).toISOString() }),
  };
  const event: DayEvent = {
    source: updated.source,
    'detail-type': detailType,
    // The envelope's time has whole seconds, as EventBridge's has.
    time: at(hasIdentity ? arrives : occurred)
      .toISOString()
      .replace(/\.\d+/, ''),
    detail,
  };
  if (random.chance(HABITS.malformed)) return [{ event: invalid(event, random), at: arrives }];
  if (random.chance(HABITS.mistypedDetailType)) {
    return [{ event: { ...event, 'detail-type': 'Shipment Status Update', flaw: 'unrouted' as const }, at: arrives }];
  }
  const planned: Planned[] = [{ event, at: arrives }];
  if (hasIdentity && random.chance(HABITS.duplicate)) planned.push({ event, at: arrives + random.next() * 60 });
  else if (hasIdentity && random.chance(HABITS.sameIdentityOtherContent)) {
    const other = { ...detail, metadata: { ...detail.metadata, note: 'corrected, under the same id' } };
    planned.push({ event: { ...event, detail: other }, at: arrives + 30 });
  }
  return planned;
}

function invalid(event: DayEvent, random: Random): DayEvent {
  const { detail } = event;
  const flaws: readonly Readonly<Record<string, unknown>>[] = [
    { ...detail, status: 'teleported' },
    { ...detail, shipment_id: 'two words' },
    { ...detail, shipment_id: undefined },
    { ...detail, metadata: ['a', 'list'] },
    { ...detail, metadata: { estimated_days: -1 } },
    { ...detail, event_id: 'no-time-with-it', occurred_at: undefined },
    { ...detail, occurred_at: '2026-03-02 08:00' },
    // Clocks that would win, or lose, for ever.
    { ...detail, event_id: 'fast-clock', occurred_at: new Date(Date.now() + 86_400_000).toISOString() },
    { ...detail, event_id: 'dead-battery', occurred_at: '1999-12-31T23:00:00Z' },
  ];
  return { ...event, detail: random.pick(flaws), flaw: 'malformed' };
}
