import { contract as created } from '../../contracts/events/shipment-processor/shipment-created';
import { contract as corrected } from '../../contracts/events/status-updater/shipment-status-corrected';
import { contract as updated } from '../../contracts/events/status-updater/shipment-status-updated';
import { recordsShipments } from '../../contracts/functions';
import { STATUSES, type Status, statusRule } from '../../contracts/statuses';
import type { EventFile } from '../../local/stack';
import { sampleEvents } from '../sample-events';
import type { Random } from './random';

export interface DayEvent extends EventFile {
  readonly detail: Readonly<Record<string, unknown>>;
  /** Undefined for a valid event. */
  readonly flaw?: 'malformed' | 'unrouted';
}

interface Planned {
  readonly event: DayEvent;
  /** Minute of the day at which the event reaches the bus. */
  readonly at: number;
}

const DAY = Date.UTC(2026, 2, 2);
const MINUTE_MS = 60_000;

const at = (minute: number) => new Date(DAY + Math.round(minute * MINUTE_MS));

/** Probabilities of what carriers do. */
const CHANCE = {
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

/** Events that a function rejects, whatever else is on record; a conflict is one only after another event. */
const INVALID = sampleEvents()
  .filter(({ name, key, reason }) => reason && key && recordsShipments(key) && !name.endsWith('/conflict'))
  .map(({ event }) => event as DayEvent);

/** A day of shipments, in the order in which their events reach the bus. */
export function aDay(shipments: number, updates: number, random: Random): DayEvent[] {
  const planned: Planned[] = [];
  for (let shipment = 0; shipment < shipments; shipment += 1)
    planned.push(...lifeOf(`SIM-${1_000 + shipment}`, updates / shipments, random));
  return planned.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

function lifeOf(shipment: string, updates: number, random: Random): Planned[] {
  const planned: Planned[] = [];
  let minute = random.next() * 600;
  let status: Status = 'pending';
  planned.push(...deliveriesOf(shipment, created.detailType, status, minute, 0, random));
  const count = Math.floor(updates) + (random.chance(updates % 1) ? 1 : 0);
  for (let step = 1; step <= count || random.chance(CHANCE.afterClosing); step += 1) {
    minute += 1 + random.next() * 180;
    status = nextStatus(status, step >= count, random);
    planned.push(...deliveriesOf(shipment, updated.detailType, status, minute, step, random));
    if (random.chance(CHANCE.corrected)) {
      // At the time of the mistaken event, or later.
      if (random.chance(0.5)) minute += random.next() * 60;
      status = random.pick(STATUSES);
      planned.push(...deliveriesOf(shipment, corrected.detailType, status, minute, `${step}-corrected`, random));
    }
  }
  return planned;
}

/** The same status again, an expected transition or, after a closing status, any status by mistake. */
function nextStatus(status: Status, isLast: boolean, random: Random): Status {
  const { next, closed } = statusRule(status);
  if (closed) return random.pick(STATUSES);
  if (status !== 'pending' && !isLast && random.chance(CHANCE.sameAgain)) return status;
  const fitting = next.filter((candidate) => statusRule(candidate as Status).closed === isLast);
  return random.pick(fitting.length > 0 ? fitting : next) as Status;
}

/** One event as its carrier sends it: perhaps late, twice, with a wrong clock, or malformed. */
function deliveriesOf(
  shipment: string,
  detailType: string,
  status: Status,
  minute: number,
  step: number | string,
  random: Random,
) {
  const occurred = random.chance(CHANCE.slowClock) ? minute - 300 : minute;
  const arrives = minute + random.next() * 2 + (random.chance(CHANCE.late) ? random.next() * 300 : 0);
  const hasIdentity = random.chance(CHANCE.ownIdentity);
  const detail = {
    shipment_id: shipment,
    status,
    metadata: { carrier: random.pick(['NordFreight', 'AlpenCargo', 'IberExpress']), step },
    ...(detailType === corrected.detailType && { reason: 'scanned by mistake' }),
    ...(random.chance(CHANCE.quiet) && { notify: false }),
    ...(hasIdentity && { event_id: `${shipment}-${step}`, occurred_at: at(occurred).toISOString() }),
  };
  const event: DayEvent = {
    source: updated.source,
    'detail-type': detailType,
    // EventBridge's time has a resolution of a second.
    time: at(hasIdentity ? arrives : occurred)
      .toISOString()
      .replace(/\.\d+/, ''),
    detail,
  };
  if (random.chance(CHANCE.malformed))
    return [{ event: { ...random.pick(INVALID), flaw: 'malformed' as const }, at: arrives }];
  if (random.chance(CHANCE.mistypedDetailType)) {
    return [{ event: { ...event, 'detail-type': 'Shipment Status Update', flaw: 'unrouted' as const }, at: arrives }];
  }
  const planned: Planned[] = [{ event, at: arrives }];
  if (hasIdentity && random.chance(CHANCE.duplicate)) planned.push({ event, at: arrives + random.next() * 60 });
  else if (hasIdentity && random.chance(CHANCE.sameIdentityOtherContent)) {
    const otherDetail = { ...detail, metadata: { ...detail.metadata, note: 'corrected, under the same id' } };
    planned.push({ event: { ...event, detail: otherDetail }, at: arrives + 30 });
  }
  return planned;
}
