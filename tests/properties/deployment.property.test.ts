/**
 * Functions of release 0.1.0, which has no corrections and no registers, beside the current ones: both write the same rows during a deployment
 * or a rollback.
 */
import fc from 'fast-check';
import { isCorrection } from '../../contracts/shipment-events';
import { advanceStatus } from '../../src/application/advance-status';
import type { ShipmentEvent } from '../../src/domain/shipment-event';
import type { ShipmentRow } from '../../src/domain/shipment-row';
import { versionOf } from '../../src/domain/version';
import { World } from '../support/builders/world';
import { eventOf, type History, history, rowsByDesign } from '../support/properties/history';
import { EXHAUSTIVE, SEED } from '../support/sample';

const RUNS = { numRuns: EXHAUSTIVE ? 5_000 : 1_000, seed: SEED };

/** The status write of release 0.1.0: puts the event's own row when its version is greater. */
function putByRelease(event: ShipmentEvent, { shipments }: World): void {
  const { shipment_id, status, timestamp, event_id } = event;
  const version = versionOf(event);
  const found = shipments.get(shipment_id);
  if (found && found.version >= version) return;
  shipments.set(shipment_id, { shipment_id, status, timestamp, event_id, version });
}

/** Throws when a row gets a lower version. */
function watchVersions(world: World): void {
  const set = world.shipments.set.bind(world.shipments);
  world.shipments.set = (shipment, row) => {
    const before = world.shipments.get(shipment)?.version ?? '';
    if (row.version < before) throw new Error(`the version fell from ${before} to ${row.version}`);
    return set(shipment, row);
  };
}

/** Handles each delivery by one of the releases, with interleaved writers; the older release rejects corrections. */
async function bothHandle({ happenings, deliveries }: History, older: readonly boolean[], scheduler: fc.Scheduler) {
  const world = new World();
  watchVersions(world);
  const ports = world.ports();
  const putStatus: typeof ports.putStatus = (...args) =>
    scheduler.schedule(Promise.resolve()).then(() => ports.putStatus(...args));
  const events = happenings.map(eventOf);
  const handled = deliveries.map(async ({ of }, place) => {
    const event = events[of];
    if (!event) return;
    if (!older[place % older.length]) await advanceStatus(event, { putStatus });
    else if (!isCorrection(event)) await scheduler.schedule(Promise.resolve()).then(() => putByRelease(event, world));
  });
  await scheduler.waitFor(Promise.all(handled));
  return { world, events };
}

const currentEvents = (rows: ReadonlyMap<string, ShipmentRow>) =>
  [...rows].map(([shipment, { event_id, version }]) => [shipment, event_id, version]).sort();

const mixed = fc.tuple(history(false), fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), fc.scheduler());

it(`statuses are always right while nothing is corrected (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(mixed, async ([drawn, older, scheduler]) => {
      const happenings = drawn.happenings.map((happening) => ({ ...happening, corrects: false }));
      const { world, events } = await bothHandle({ ...drawn, happenings }, older, scheduler);

      expect(currentEvents(world.shipments)).toEqual(currentEvents(rowsByDesign(events)));
    }),
    RUNS,
  );
}, 60_000);

it(`rows are right once this release has handled each event, whatever the older one wrote (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(mixed, async ([drawn, older, scheduler]) => {
      const { world, events } = await bothHandle(drawn, older, scheduler);
      for (const event of events) await advanceStatus(event, world.ports());

      expect(world.shipments).toEqual(rowsByDesign(events));
    }),
    RUNS,
  );
}, 60_000);
