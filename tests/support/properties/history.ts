import fc from 'fast-check';
import { STATUSES } from '../../../contracts/statuses';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import type { ShipmentRow } from '../../../src/domain/shipment-row';
import { rowByDesign } from '../builders/design-order';
import { aCorrection, aShipmentEvent } from '../builders/events';

const START = Date.UTC(2026, 2, 2);

/**
 * One event as its producer sends it, perhaps a correction, perhaps without a notification; its id is its place in the history. There are few
 * shipments, few moments and few ids, so that histories are full of ties and late events.
 */
const happening = fc.record({
  shipment: fc.integer({ min: 1, max: 3 }),
  status: fc.constantFrom(...STATUSES),
  minute: fc.integer({ min: 0, max: 5 }),
  corrects: fc.constantFrom(false, false, false, true),
  quiet: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 9),
});

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

export const eventOf = ({ shipment, status, minute, corrects, quiet }: Happening, index: number): ShipmentEvent =>
  (corrects ? aCorrection : aShipmentEvent)({
    event_id: `e${index}`,
    timestamp: START + minute * 60_000,
    shipment_id: `SHP-${shipment}`,
    status,
    payload_hash: `2:e${index}`,
    ...(quiet && { notify: false }),
  });

/** One delivery of one event, which may be cut off. */
export interface Delivery {
  /** The event's place in the history. */
  readonly of: number;
  /** The number of the call at which it dies, from 0; undefined for a delivery that completes. */
  readonly diesAt?: number | undefined;
  /** True when that call still has its effect. */
  readonly afterEffect: boolean;
}

export interface History {
  readonly happenings: readonly Happening[];
  /** Deliveries of every event, at least once each, in any order. */
  readonly deliveries: readonly Delivery[];
  readonly writers: number;
}

const delivery = (count: number, faults: boolean) =>
  fc.record({
    of: fc.nat({ max: count - 1 }),
    diesAt: faults ? fc.option(fc.nat({ max: 6 }), { nil: undefined }) : fc.constant(undefined),
    afterEffect: fc.boolean(),
  });

/** Histories of up to eight events. */
export const history = (faults: boolean): fc.Arbitrary<History> =>
  fc.array(happening, { minLength: 1, maxLength: 8 }).chain((happenings) => {
    const places = happenings.map((_, of) => of);
    return fc.record({
      happenings: fc.constant(happenings),
      deliveries: fc.array(delivery(happenings.length, faults), { maxLength: 8 }).chain((extra) =>
        fc.shuffledSubarray([...places.map((of) => ({ of, afterEffect: false })), ...extra], {
          minLength: places.length + extra.length,
        }),
      ),
      writers: fc.integer({ min: 1, max: 4 }),
    });
  });

/** A history's events and their deliveries, with ids that no other history has. */
export function withUniqueIds({ happenings, deliveries }: History, run: number) {
  const events = happenings.map((happening, place) => {
    const event = eventOf(happening, place);
    return { ...event, event_id: `${run}-${event.event_id}`, shipment_id: `${run}-${event.shipment_id}` };
  });
  return { events, deliveries: deliveries.flatMap(({ of }) => events[of] ?? []) };
}

/** The row of each shipment after all of these events, by the design's rules. */
export function rowsByDesign(events: readonly ShipmentEvent[]): Map<string, ShipmentRow> {
  const shipments = [...new Set(events.map(({ shipment_id }) => shipment_id))];
  return new Map(shipments.map((id) => [id, rowByDesign(events.filter(({ shipment_id }) => shipment_id === id))]));
}
