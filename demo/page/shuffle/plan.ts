import { contract as created } from '../../../contracts/events/shipment-processor/shipment-created';
import { contract as corrected } from '../../../contracts/events/status-updater/shipment-status-corrected';
import { contract as updated } from '../../../contracts/events/status-updater/shipment-status-updated';
import { notifies } from '../../../contracts/shipment-events';
import type { Status } from '../../../contracts/statuses';
import type { EventFile } from '../../../local/stack';
import { Random } from '../../simulation/random';

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
  readonly shipment: string;
  /** In the order in which they happened. */
  readonly day: readonly DayEvent[];
  /** Order of delivery, as indexes into the day: the last event first, some twice. */
  readonly deliveries: readonly number[];
  /** Index of the event whose first attempt is killed. It is delivered once; Lambda retries it. */
  readonly killed: number;
}

type Step = readonly [status: Status, contract: { readonly source: string; readonly detailType: string }];

const BEGINNING: readonly Step[] = [
  ['pending', created],
  ['in_transit', updated],
];

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
 * A shipment's day and a bad order of delivery. The same seed gives the same plan.
 * @param shipment an unused id, from which the event ids are derived
 * @param isCorrected adds a delivery by mistake and its correction
 */
export function planShuffle(seed: number, shipment: string, isCorrected = false): ShufflePlan {
  const random = new Random(seed);
  let time = START;
  const steps = [...BEGINNING, ...(isCorrected ? MISTAKE : []), ...REST];
  const day = steps.map((step, place) => {
    time += (20 + random.below(100)) * MINUTE_MS;
    return dayEvent(shipment, step, place, time);
  });
  const notifying = places(day, notifiesAbout);
  // Not an event that notifies: the lease of its killed attempt would outlast the emulator's short retries.
  const killed = random.pick(places(day, ({ detail }) => detail.status === 'out_for_delivery'));
  const rest = places(day, (_, place) => place > 0 && place !== killed).filter((place) => !notifying.includes(place));
  const twice = [...notifying, random.pick(rest)];
  const deliveries = places(day, () => true).reverse();
  for (const place of twice) {
    const after = deliveries.indexOf(place) + 1;
    // Never at the end: the first event of the day must arrive last.
    deliveries.splice(after + random.below(deliveries.length - after), 0, place);
  }
  return { shipment, day, deliveries, killed };
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
