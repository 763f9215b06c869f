/**
 * Simultaneous deliveries of one event that notifies, each cut off at any call. Each drawn crew, which is a fate for each delivery, is tried
 * in every schedule.
 */
import { recordShipmentEvent } from '../../src/application/record-shipment-event';
import { InProgress } from '../../src/domain/failures';
import { aShipmentEvent } from '../support/builders/events';
import { World } from '../support/builders/world';
import { type Deliver, everyScheduleOf } from '../support/properties/interleavings';
import { deathsAt, type Fate, Killed, killable } from '../support/properties/killable';

const event = aShipmentEvent({ status: 'delivered' });

const UNHARMED: Fate = {};

/** A delivery makes at most five calls: put, status, claim, publish, mark (or release). */
const FATES = [UNHARMED, ...deathsAt(5)];

interface Run {
  readonly world: World;
  readonly succeeded: boolean[];
  maybeTwice: boolean;
}

const isNotified = ({ world }: Run) => [...world.log.values()][0]?.notified_at !== undefined;

function delivery(run: Run, request: number, fate: Fate): Deliver {
  return async (turn) => {
    const { call, effects, isDead } = killable(turn, fate);
    try {
      await recordShipmentEvent(event, run.world.ports(`request-${request}`, call));
      // After a success Lambda does not retry, so the notification must have been sent.
      expect(isNotified(run)).toBe(true);
      run.succeeded[request] = true;
    } catch (error) {
      const expected = error instanceof Killed || error instanceof InProgress || isBroken(error);
      if (!expected) throw error;
      if (isDead() && effects.at(-1) === 'publish') run.maybeTwice = true;
    }
  };
}

const isBroken = (error: unknown) => error instanceof Error && error.message === 'publish is broken';

/** Lambda's retries of deliveries that did not succeed, each a minute later, when every lease has expired. */
async function retry(run: Run): Promise<void> {
  for (const request of run.succeeded.keys()) {
    for (let attempt = 2; attempt <= 3 && !run.succeeded[request]; attempt += 1) {
      run.world.clock += 60_000;
      await delivery(run, request, UNHARMED)(() => Promise.resolve());
    }
    expect(run.succeeded[request]).toBe(true);
  }
}

async function check(run: Run): Promise<void> {
  await retry(run);
  const times = run.world.published.length;
  if (run.maybeTwice) expect(times).toBeGreaterThanOrEqual(1);
  else expect(times).toBe(1);
  expect(isNotified(run)).toBe(true);
  expect(run.world.log.size).toBe(1);
}

const crews: readonly (readonly Fate[])[] = [
  ...FATES.flatMap((first) => FATES.map((second) => [first, second])),
  ...FATES.map((first) => [first, UNHARMED, UNHARMED]),
];

describe('the lease', () => {
  it.each([false, true])(
    'has one notification sent in every schedule (the first publish fails: %p)',
    (publishFails) =>
      everyScheduleOf(
        'lease',
        crews,
        0.05,
        100,
        (crew) => {
          const run: Run = { world: new World(), succeeded: crew.map(() => false), maybeTwice: false };
          if (publishFails) run.world.broken.add('publish');
          return { world: run, deliveries: crew.map((fate, request) => delivery(run, request, fate)) };
        },
        check,
      ),
    600_000,
  );
});
