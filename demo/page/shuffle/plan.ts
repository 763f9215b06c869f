import { contract as created } from '../../../contracts/events/shipment-processor/shipment-created';
import { contract as corrected } from '../../../contracts/events/status-updater/shipment-status-corrected';
import { contract as updated } from '../../../contracts/events/status-updater/shipment-status-updated';
import { notifies } from '../../../contracts/shipment-events';
import type { Status } from '../../../contracts/statuses';
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
    readonly reason?: string;
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

type Step = readonly [status: Status, contract: { readonly source: string; readonly detailType: string }];

const BEGINNING: readonly Step[] = [
  ['pending', created],
  ['in_transit', updated],
];

/** Without it the shipment would stay delivered. */
const MISTAKE: readonly Step[] = [
  ['delivered', updated],
  ['in_transit', corrected],
];

const REST = (['out_for_delivery', 'failed', 'out_for_delivery', 'available_for_pickup', 'delivered'] as const).map(
  (status): Step => [status, updated],
);

const START = Date.UTC(2026, 2, 2, 7);
const MINUTE_MS = 60_000;

/**
 * A shipment's day and a bad way to deliver it. The same seed gives the same plan.
 * @param shipment an id that no event on record has: its events' ids follow from it
 * @param isCorrected the shipment is delivered by mistake on its way, and corrected
 */
export function planShuffle(seed: number, shipment: string, isCorrected = false): ShufflePlan {
  const random = new Random(seed);
  let time = START;
  const steps = [...BEGINNING, ...(isCorrected ? MISTAKE : []), ...REST];
  const day = steps.map((step, place) => {
    time += (20 + random.below(100)) * MINUTE_MS;
    return dayEvent(shipment, step, place, time);
  });
  // In the middle of the day, and not one that notifies: the lease of a killed one outlasts the emulator's short retries.
  const notifying = places(day, notifiesAbout);
  const killed = random.pick(places(day, ({ detail }) => detail.status === 'out_for_delivery'));
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

export const notifiesAbout = ({ 'detail-type': detail_type, detail: { status } }: DayEvent) =>
  notifies({ detail_type, status });

function places(day: readonly DayEvent[], choose: (event: DayEvent, place: number) => boolean): number[] {
  return day.flatMap((event, place) => (choose(event, place) ? [place] : []));
}

function dayEvent(shipment: string, [status, contract]: Step, place: number, time: number): DayEvent {
  const { source, detailType } = contract;
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
      ...(contract === corrected && { reason: 'The scan belongs to another parcel' }),
    },
  };
}
