/** Simultaneous deliveries of one event that notifies, cut off at any call: every schedule of each crew that is drawn. */
import { recordShipmentEvent } from '../../src/application/record-shipment-event';
import { InProgress } from '../../src/domain/failures';
import { sampled } from '../sample';
import { aShipmentEvent } from '../unit/builders/events';
import { World } from '../unit/builders/world';
import { type Deliver, everyInterleaving } from './interleavings';
import { type Fate, Killed, mortal } from './mortal';

const event = aShipmentEvent({ status: 'delivered' });

/** A delivery makes at most five calls: put, status, claim, publish, mark (or give back). */
const FATES: readonly Omit<Fate, 'turn'>[] = [
  { afterEffect: false },
  ...[0, 1, 2, 3, 4].flatMap((diesAt) => [
    { diesAt, afterEffect: false },
    { diesAt, afterEffect: true },
  ]),
];

interface Told {
  readonly world: World;
  readonly succeeded: boolean[];
  maybeTwice: boolean;
}

const isNotified = ({ world }: Told) => [...world.log.values()][0]?.notified_at !== undefined;

function delivery(told: Told, request: number, fate: Omit<Fate, 'turn'>): Deliver {
  return async (turn) => {
    const { ports, diedTelling } = mortal(told.world.ports(`request-${request}`), { ...fate, turn });
    try {
      await recordShipmentEvent(event, ports);
      // Success is a promise that people were told: Lambda will not come back.
      expect(isNotified(told)).toBe(true);
      told.succeeded[request] = true;
    } catch (error) {
      const expected = error instanceof Killed || error instanceof InProgress || isBroken(error);
      if (!expected) throw error;
      if (diedTelling()) told.maybeTwice = true;
    }
  };
}

const isBroken = (error: unknown) => error instanceof Error && error.message === 'publish is broken';

/** Lambda's retries of whoever did not succeed, each a minute later, when every lease has expired. */
async function retry(told: Told): Promise<void> {
  for (const request of told.succeeded.keys()) {
    for (let attempt = 2; attempt <= 3 && !told.succeeded[request]; attempt += 1) {
      told.world.clock += 60_000;
      await delivery(told, request, { afterEffect: false })(() => Promise.resolve());
    }
    expect(told.succeeded[request]).toBe(true);
  }
}

async function check(told: Told): Promise<void> {
  await retry(told);
  const times = told.world.published.length;
  if (told.maybeTwice) expect(times).toBeGreaterThanOrEqual(1);
  else expect(times).toBe(1);
  expect(isNotified(told)).toBe(true);
  expect(told.world.log.size).toBe(1);
}

type Fates = readonly Omit<Fate, 'turn'>[];

const UNHARMED = { afterEffect: false };

/** `CREW=3` takes four minutes. */
const crews: readonly Fates[] =
  process.env['CREW'] === '3'
    ? FATES.flatMap((first) => FATES.map((second) => [first, second, UNHARMED]))
    : [
        ...FATES.flatMap((first) => FATES.map((second) => [first, second])),
        ...FATES.map((first) => [first, UNHARMED, UNHARMED]),
      ];

describe('the lease', () => {
  it.each([false, true])(
    'keeps its promise in every schedule (the first publish fails: %p)',
    async (publishFails) => {
      let schedules = 0;
      for (const crew of sampled(crews, 0.1)) {
        schedules += await everyInterleaving(() => {
          const told: Told = { world: new World(), succeeded: crew.map(() => false), maybeTwice: false };
          if (publishFails) told.world.broken.add('publish');
          return { world: told, deliveries: crew.map((fate, request) => delivery(told, request, fate)) };
        }, check);
      }
      process.stdout.write(`lease: ${schedules} schedules held\n`);
      expect(schedules).toBeGreaterThan(100);
    },
    600_000,
  );
});
