/** The registers of a shipment: the laws of their join, and the row that the design specifies for the whole set of events. */
import fc from 'fast-check';
import { STATUSES, type Status } from '../../contracts/statuses';
import { advanceStatus } from '../../src/application/advance-status';
import type { ShipmentEvent } from '../../src/domain/shipment-event';
import { rowOf, type ShipmentRow, stateOfRow } from '../../src/domain/shipment-row';
import { currentOf, join, type ShipmentState, stateOf, stateVersion } from '../../src/domain/shipment-state';
import { versionOf } from '../../src/domain/version';
import { rowByDesign } from '../support/builders/design-order';
import { aCorrection, aShipmentEvent } from '../support/builders/events';
import { World } from '../support/builders/world';
import { everyScheduleOf } from '../support/properties/interleavings';
import { EXHAUSTIVE, SEED, sampled } from '../support/sample';

const RUNS = { numRuns: EXHAUSTIVE ? 20_000 : 2_000, seed: SEED };

const anEvent = (corrects: boolean, status: Status, timestamp: number, event_id: string) =>
  (corrects ? aCorrection : aShipmentEvent)({ status, timestamp, event_id });

/** Few times and few ids, so that every tie-break is used often. */
const events = fc.array(
  fc
    .tuple(fc.boolean(), fc.constantFrom(...STATUSES), fc.integer({ min: 1, max: 4 }), fc.constantFrom('a', 'b', 'b#'))
    .map((parts) => anEvent(...parts)),
  { minLength: 1, maxLength: 5 },
);

const joined = (list: readonly ShipmentEvent[]): ShipmentState => list.map(stateOf).reduce(join);

const rowOfAll = (list: readonly ShipmentEvent[]): ShipmentRow => rowOf('SHP-1', joined(list));

describe(`a join (drawn with seed ${SEED})`, () => {
  it('is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(events, events, events, (one, two, three) => {
        const [a, b, c] = [joined(one), joined(two), joined(three)];
        const row = (state: ShipmentState) => rowOf('SHP-1', state);

        expect(row(join(a, b))).toEqual(row(join(b, a)));
        expect(row(join(join(a, b), c))).toEqual(row(join(a, join(b, c))));
        expect(join(a, a)).toEqual(a);
        expect(row(join(a, b))).toEqual(rowOfAll([...one, ...two]));
      }),
      RUNS,
    );
  });

  it('has the row that the design specifies for the whole set of events', () => {
    fc.assert(
      fc.property(events, (list) => expect(rowOfAll(list)).toEqual(rowByDesign(list))),
      RUNS,
    );
  });

  it('never lowers the version, and raises it whenever the current event changes', () => {
    fc.assert(
      fc.property(events, events, (before, more) => {
        const [old, now] = [joined(before), joined([...before, ...more])];
        const { event_id, timestamp } = currentOf(old);

        expect(stateVersion(now) >= stateVersion(old)).toBe(true);
        if (stateVersion(now) === stateVersion(old)) expect(currentOf(now)).toMatchObject({ event_id, timestamp });
      }),
      RUNS,
    );
  });

  it('is restored from its row', () => {
    fc.assert(
      fc.property(events, (list) => {
        expect(registersOf(stateOfRow(rowOfAll(list)))).toEqual(registersOf(joined(list)));
      }),
      RUNS,
    );
  });
});

const registersOf = ({ correction, closed, open }: ShipmentState) =>
  [correction, closed, open].map((event) => event && versionOf(event));

/** An event and a correction to each of the statuses at each moment. */
const domainOf = (statuses: readonly Status[], moments: readonly number[]) =>
  [false, true].flatMap((corrects) =>
    statuses.flatMap((status) =>
      moments.map((moment) => anEvent(corrects, status, moment, `${corrects ? 'c' : 'e'}-${status}-${moment}`)),
    ),
  );

function* setsOf(size: number, domain: readonly ShipmentEvent[]): Generator<readonly ShipmentEvent[]> {
  if (size === 0) yield [];
  else
    for (const [place, event] of domain.entries())
      for (const rest of setsOf(size - 1, domain.slice(place + 1))) yield [event, ...rest];
}

function* ordersOf<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length === 0) yield [];
  for (const first of list) for (const rest of ordersOf(list.filter((each) => each !== first))) yield [first, ...rest];
}

/** The row after these events in this order, by a function's writes. */
async function rowAfter(order: readonly ShipmentEvent[]): Promise<ShipmentRow | undefined> {
  const world = new World();
  const ports = world.ports();
  let version = '';
  for (const event of order) {
    await advanceStatus(event, ports);
    const row = world.shipments.get('SHP-1');
    if ((row?.version ?? '') < version) throw new Error(`the version fell: ${JSON.stringify(order)}`);
    version = row?.version ?? '';
  }
  return world.shipments.get('SHP-1');
}

it('every order of every set of up to four events ends in the row that the design specifies', async () => {
  const domain = domainOf(['in_transit', 'failed', 'returned', 'delivered'], [1, 2, 3]);
  const sets = [1, 2, 3, 4].flatMap((size) => [...setsOf(size, domain)]);
  let orders = 0;
  for (const set of sampled(sets, 0.1)) {
    const expected = JSON.stringify(rowByDesign(set));
    for (const order of ordersOf(set)) {
      orders += 1;
      const row = JSON.stringify(await rowAfter(order));
      if (row !== expected) throw new Error(`${row} and not ${expected} after ${JSON.stringify(order)}`);
    }
  }
  process.stdout.write(`shipment state: ${orders} orders ended in the same rows\n`);
  expect(orders).toBeGreaterThan(20_000);
}, 300_000);

it('every interleaving of three writers, after any two events, ends in the row that the design specifies', async () => {
  const domain = domainOf(['in_transit', 'failed', 'delivered'], [1, 2]);
  const cases = [...setsOf(2, domain)].flatMap((before) => {
    const others = domain.filter((event) => !before.includes(event));
    return [...setsOf(3, others)].map((racing) => ({ before, racing }));
  });
  await everyScheduleOf(
    'shipment state',
    cases,
    0.1,
    1_000,
    ({ before, racing }) => {
      const world = new World();
      world.shipments.set('SHP-1', rowByDesign(before));
      const { putStatus } = world.ports();
      const writer = (event: ShipmentEvent) => async (turn: () => Promise<void>) => {
        await advanceStatus(event, { putStatus: (...put) => turn().then(() => putStatus(...put)) });
      };
      return { world: { world, expected: rowByDesign([...before, ...racing]) }, deliveries: racing.map(writer) };
    },
    async ({ world, expected }) => expect(world.shipments.get('SHP-1')).toEqual(expected),
  );
}, 300_000);
