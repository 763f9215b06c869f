import fc from 'fast-check';
import { STATUSES, type Status } from '../../contracts/statuses';
import type { ShipmentEvent } from '../../src/domain/shipment-event';
import { versionOf } from '../../src/domain/version';
import { compareByDesign } from '../unit/builders/design-order';

const START = Date.UTC(2026, 2, 2);

/** Few shipments, few moments and few ids, so that histories are full of ties and late events. */
const happening = fc.record({
  shipment: fc.integer({ min: 1, max: 3 }),
  status: fc.constantFrom(...STATUSES),
  minute: fc.integer({ min: 0, max: 5 }),
});

/** One event as its producer tells it; its id is its place in the history. */
export type Happening = { readonly shipment: number; readonly status: Status; readonly minute: number };

export function eventOf({ shipment, status, minute }: Happening, index: number): ShipmentEvent {
  const event_id = `e${index}`;
  const timestamp = START + minute * 60_000;
  return {
    event_id,
    timestamp,
    shipment_id: `SHP-${shipment}`,
    status,
    detail_type: 'Shipment Status Updated',
    metadata: {},
    payload_hash: `2:${event_id}`,
    received: {},
    version: versionOf({ status, timestamp, event_id }),
  };
}

/** One delivery of one event, which may be cut off. */
export interface Delivery {
  /** The event's place in the history. */
  readonly of: number;
  /** The call it dies at, counted from 0; undefined for a delivery that comes through. */
  readonly diesAt?: number | undefined;
  /** Whether that call still had its effect. */
  readonly afterEffect: boolean;
}

export interface History {
  readonly happenings: readonly Happening[];
  /** Every event at least once, in any order. */
  readonly deliveries: readonly Delivery[];
  /** How many invocations run at a time. */
  readonly writers: number;
}

const delivery = (count: number, faults: boolean) =>
  fc.record({
    of: fc.nat({ max: count - 1 }),
    diesAt: faults ? fc.option(fc.nat({ max: 4 }), { nil: undefined }) : fc.constant(undefined),
    afterEffect: fc.boolean(),
  });

/** Histories of up to eight events; printed as a story when one breaks a promise. */
export const history = (faults: boolean): fc.Arbitrary<History> =>
  fc
    .array(happening, { minLength: 1, maxLength: 8 })
    .chain((happenings) => {
      const each = happenings.map((_, of) => of);
      return fc.record({
        happenings: fc.constant(happenings),
        deliveries: fc.array(delivery(happenings.length, faults), { maxLength: 8 }).chain((extra) =>
          fc.shuffledSubarray([...each.map((of) => ({ of, afterEffect: false })), ...extra], {
            minLength: each.length + extra.length,
          }),
        ),
        writers: fc.integer({ min: 1, max: 4 }),
      });
    })
    .map((told) => ({ ...told, [fc.toStringMethod]: () => story(told) }));

function story({ happenings, deliveries, writers }: History): string {
  const says = ({ of, diesAt, afterEffect }: Delivery) =>
    `e${of}${diesAt === undefined ? '' : `, dies ${afterEffect ? 'after' : 'before'} its call ${diesAt}`}`;
  return [
    '',
    ...happenings.map(
      ({ shipment, status, minute }, index) => `  e${index}: SHP-${shipment} is ${status} at minute ${minute}`,
    ),
    `  delivered to ${writers} writer(s): ${deliveries.map(says).join('; ')}`,
  ].join('\n');
}

/** What the status rows must be once every event has been accepted. */
export function currentStatuses(events: readonly ShipmentEvent[]): Map<string, string> {
  const current = new Map<string, ShipmentEvent>();
  for (const event of events) {
    const held = current.get(event.shipment_id);
    if (!held || compareByDesign(event, held) > 0) current.set(event.shipment_id, event);
  }
  return new Map([...current].map(([shipment, event]) => [shipment, event.event_id]));
}
