import { contract as created } from '../../../contracts/events/shipment-processor/shipment-created';
import { contract as updated } from '../../../contracts/events/status-updater/shipment-status-updated';
import { type Status, statusRule } from '../../../contracts/statuses';
import type { EventFile } from '../../../local/stack';
import { Random } from '../../simulation/random';

/** An event of the shipment's day. */
export interface DayEvent extends EventFile {
  readonly detail: {
    readonly shipment_id: string;
    readonly status: Status;
    readonly event_id: string;
    readonly occurred_at: string;
    readonly metadata: Readonly<Record<string, string>>;
  };
}

export interface ShufflePlan {
  readonly seed: number;
  readonly shipment: string;
  /** In the order in which they happened. */
  readonly day: readonly DayEvent[];
  /** The same events as they are delivered: places in the day, the last first, some of them twice. */
  readonly deliveries: readonly number[];
  /** The event whose first attempt is killed. It is delivered once: its second attempt is Lambda's retry. */
  readonly killed: number;
}

const STATUSES_OF_THE_DAY: readonly Status[] = [
  'pending',
  'in_transit',
  'out_for_delivery',
  'failed',
  'out_for_delivery',
  'available_for_pickup',
  'delivered',
];

const START = Date.UTC(2026, 2, 2, 7);
const MINUTE_MS = 60_000;

/**
 * A shipment's day and a bad way to deliver it. The same seed gives the same plan.
 * @param shipment an id that no event on record has: its events' ids follow from it
 */
export function planShuffle(seed: number, shipment: string): ShufflePlan {
  const random = new Random(seed);
  let time = START;
  const day = STATUSES_OF_THE_DAY.map((status, place) => {
    time += (20 + random.below(100)) * MINUTE_MS;
    return dayEvent(shipment, status, place, time);
  });
  // In the middle of the day, and not one that notifies: the lease of a killed one outlasts the emulator's short retries.
  const killed = random.pick([2, 4]);
  const notifying = places(day, ({ detail }) => statusRule(detail.status).notifies);
  const others = places(day, (_, place) => place > 0 && place !== killed).filter((place) => !notifying.includes(place));
  const twice = [...notifying, random.pick(others)];
  const deliveries = places(day, () => true).reverse();
  for (const place of twice) {
    const after = deliveries.indexOf(place) + 1;
    // Never at the end: the last to arrive is the first that happened.
    deliveries.splice(after + random.below(deliveries.length - after), 0, place);
  }
  return { seed, shipment, day, deliveries, killed };
}

function places(day: readonly DayEvent[], choose: (event: DayEvent, place: number) => boolean): number[] {
  return day.flatMap((event, place) => (choose(event, place) ? [place] : []));
}

function dayEvent(shipment: string, status: Status, place: number, time: number): DayEvent {
  const { source, detailType } = place === 0 ? created : updated;
  const at = new Date(time).toISOString();
  return {
    source,
    'detail-type': detailType,
    time: at,
    detail: {
      shipment_id: shipment,
      status,
      event_id: `${shipment}-${place + 1}`,
      occurred_at: at,
      metadata: { carrier: 'NordFreight' },
    },
  };
}
