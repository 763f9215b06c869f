/** Any events, in any order, with any duplicates, from any number of writers, cut off anywhere, end in the same rows. */
import fc from 'fast-check';
import { notifies } from '../../contracts/shipment-events';
import { recordShipmentEvent } from '../../src/application/record-shipment-event';
import { InProgress } from '../../src/domain/failures';
import type { ShipmentEvent } from '../../src/domain/shipment-event';
import { World } from '../support/builders/world';
import { eventOf, type History, history, rowsByDesign } from '../support/properties/history';
import { type Fate, Killed, killable } from '../support/properties/killable';
import { EXHAUSTIVE, SEED } from '../support/sample';

const HISTORIES = EXHAUSTIVE ? 10_000 : 1_000;

/** Lambda's pause before a retry; longer than any lease. */
const RETRY_PAUSE_MS = 60_000;

interface Outcome {
  readonly world: World;
  /** Events that may have been notified more than once, because a process died between publish and mark. */
  readonly maybeTwice: ReadonlySet<string>;
}

/** Delivers a history. The scheduler draws the interleavings, so that fast-check shrinks them too. */
async function deliverHistory({ happenings, deliveries, writers }: History, scheduler: fc.Scheduler): Promise<Outcome> {
  const world = new World();
  const events = happenings.map(eventOf);
  const maybeTwice = new Set<string>();
  const unfinished: ShipmentEvent[] = [];
  let requests = 0;

  const deliver = async (event: ShipmentEvent, fate: Fate) => {
    requests += 1;
    const { call, effects, isDead } = killable(() => scheduler.schedule(Promise.resolve()), fate);
    try {
      await recordShipmentEvent(event, world.ports(`request-${requests}`, call));
    } catch (error) {
      if (!(error instanceof Killed || error instanceof InProgress)) throw error;
      if (isDead() && effects.at(-1) === 'publish') maybeTwice.add(event.event_id);
      unfinished.push(event);
    }
  };
  const deliverAll = async (all: readonly { event: ShipmentEvent; fate: Fate }[]) => {
    const waiting = all.values();
    const lane = async () => {
      for (const { event, fate } of waiting) await deliver(event, fate);
    };
    await scheduler.waitFor(Promise.all(Array.from({ length: writers }, lane)));
  };

  await deliverAll(
    deliveries.flatMap(({ of, ...fate }) => {
      const event = events[of];
      return event ? [{ event, fate }] : [];
    }),
  );
  for (let round = 0; unfinished.length > 0; round += 1) {
    if (round === 3) throw new Error(`${unfinished.length} deliveries never succeeded`);
    world.clock += RETRY_PAUSE_MS;
    await deliverAll(unfinished.splice(0).map((event) => ({ event, fate: {} })));
  }
  return { world, maybeTwice };
}

function keepsItsPromises({ happenings }: History, { world, maybeTwice }: Outcome): void {
  const events = happenings.map(eventOf);
  expect([...world.log.values()].map(({ event }) => event.event_id).sort()).toEqual(
    events.map(({ event_id }) => event_id).sort(),
  );
  expect(world.shipments).toEqual(rowsByDesign(events));
  for (const event of events) {
    const notified = world.published.filter(({ body }) => JSON.parse(body).event_id === event.event_id).length;
    if (!notifies(event)) expect(notified).toBe(0);
    else if (maybeTwice.has(event.event_id)) expect(notified).toBeGreaterThanOrEqual(1);
    else expect(notified).toBe(1);
    const row = world.log.get(`${event.event_id}@${event.timestamp}`);
    expect(row?.notified_at !== undefined).toBe(notifies(event));
  }
}

const promised = (faults: boolean) =>
  fc.asyncProperty(history(faults), fc.scheduler(), async (drawn, scheduler) => {
    keepsItsPromises(drawn, await deliverHistory(drawn, scheduler));
  });

it.each([
  ['duplicated, reordered and split between writers', false],
  ['and cut off before or after any call', true],
])(
  `${HISTORIES} histories %s end in the same rows, each notified once`,
  async (_, faults) => {
    await fc.assert(promised(faults), { numRuns: HISTORIES, seed: SEED });
  },
  300_000,
);
