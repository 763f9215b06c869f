import fc from 'fast-check';
import { STATUSES } from '../../../contracts/statuses';
import { recordShipmentEvent } from '../../../src/application/record-shipment-event';
import { Conflict, InProgress } from '../../../src/domain/failures';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aShipmentEvent } from '../builders/events';
import { World } from '../builders/world';

const delivered = aShipmentEvent({ status: 'delivered', event_id: 'e-delivered' });

describe('recording an event', () => {
  it('writes the log, then the status, then tells people', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports());
    expect(world.steps).toEqual(['append', 'advance', 'publish', 'mark']);
    expect(world.counts).toEqual({ notified: 1, accepted: 1 });
  });

  it('makes two calls for an event nobody needs to hear of', async () => {
    const world = new World();
    await recordShipmentEvent(aShipmentEvent(), world.ports());
    expect(world.steps).toEqual(['append', 'advance']);
  });

  it('repeats the status write for a duplicate and adds no other effect', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports('first'));
    world.steps.length = 0;
    const again = await recordShipmentEvent(delivered, world.ports('second'));
    expect(again).toEqual({ duplicate: true, moved: false, recordedStatus: 'delivered' });
    expect(world.steps).toEqual(['append', 'advance']);
    expect(world.published).toHaveLength(1);
  });

  it('refuses another content under the same identity, and leaves status and people alone', async () => {
    const world = new World();
    await recordShipmentEvent(aShipmentEvent(), world.ports());
    const other = aShipmentEvent({ status: 'delivered', payload_hash: '2:other' });
    await expect(recordShipmentEvent(other, world.ports())).rejects.toThrow(Conflict);
    expect(world.shipments.get('SHP-1')?.status).toBe('in_transit');
    expect(world.published).toEqual([]);
  });

  it('keeps a late event and says that it is superseded', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports());
    const late = aShipmentEvent({ event_id: 'e-late', timestamp: delivered.timestamp + 1_000 });
    expect(await recordShipmentEvent(late, world.ports())).toMatchObject({ moved: false, recordedStatus: 'delivered' });
    expect(world.log.size).toBe(2);
    expect(world.counts).toMatchObject({ superseded: 1 });
    expect(world.counts['unexpectedMove']).toBeUndefined();
  });

  it('tells people of a late failed attempt too, marked as superseded', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports());
    await recordShipmentEvent(aShipmentEvent({ event_id: 'e-failed', status: 'failed' }), world.ports());
    expect(world.published.map(({ attributes }) => attributes['superseded'])).toEqual(['false', 'true']);
  });

  it('counts unexpected moves and wrong old statuses only when the row moved', async () => {
    const world = new World();
    await recordShipmentEvent(aShipmentEvent({ status: 'pending', timestamp: 1, old_status: 'failed' }), world.ports());
    expect(world.counts).toEqual({ accepted: 1 });
    const skipping = aShipmentEvent({
      event_id: 'e-2',
      status: 'out_for_delivery',
      timestamp: 2,
      old_status: 'in_transit',
    });
    await recordShipmentEvent(skipping, world.ports());
    expect(world.counts).toMatchObject({ unexpectedMove: 1, oldStatusMismatch: 1 });
  });
});

describe('a crash', () => {
  it.each(['advance', 'publish', 'mark'])('at %s is put right by the retry', async (step) => {
    const world = new World();
    world.broken.add(step);
    await expect(recordShipmentEvent(delivered, world.ports())).rejects.toThrow(`${step} is broken`);

    world.clock += 60_000;
    await recordShipmentEvent(delivered, world.ports());

    expect(world.shipments.get('SHP-1')).toBe(delivered);
    expect([...world.log.values()][0]?.notified_at).toBeDefined();
    // The mark that failed leaves the outcome unknown: only then may people hear of it twice.
    expect(world.published).toHaveLength(step === 'mark' ? 2 : 1);
  });

  it('while publishing gives the lease back at once', async () => {
    const world = new World();
    world.broken.add('publish');
    await expect(recordShipmentEvent(delivered, world.ports('first'))).rejects.toThrow('publish is broken');
    await recordShipmentEvent(delivered, world.ports('second'));
    expect(world.published).toHaveLength(1);
  });

  it('of another invocation that may still be publishing is waited for', async () => {
    const world = new World();
    world.broken.add('advance');
    await expect(recordShipmentEvent(delivered, world.ports('first'))).rejects.toThrow();
    world.clock += 1_000;
    await expect(recordShipmentEvent(delivered, world.ports('second'))).rejects.toThrow(InProgress);
    expect(world.published).toEqual([]);
  });

  it('of nothing: a put whose answer was lost, and repeated by the SDK, is still this invocation’s', async () => {
    const world = new World();
    const ports = world.ports();
    await ports.append(delivered, { processed_at: '', validations: [] }, ports.lease);
    const { duplicate } = await recordShipmentEvent(delivered, ports);
    expect(duplicate).toBe(false);
    expect(world.published).toHaveLength(1);
  });
});

/** Small, for the loop: tests/properties/order-free.test.ts has the writers, the crashes and the many histories. */
describe('any history', () => {
  const anEvent = fc
    .record({
      event_id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      timestamp: fc.integer({ min: 1, max: 4 }),
      shipment_id: fc.constantFrom('S1', 'S2'),
      status: fc.constantFrom(...STATUSES),
    })
    .map((parts) => aShipmentEvent({ ...parts, payload_hash: `2:${parts.shipment_id}${parts.status}` }));

  const aHistory = fc
    .uniqueArray(anEvent, {
      selector: ({ event_id, timestamp }) => `${event_id}@${timestamp}`,
      minLength: 1,
      maxLength: 12,
    })
    .chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length })),
    );

  const replay = async (events: readonly ShipmentEvent[]) => {
    const world = new World();
    for (const event of events) await recordShipmentEvent(event, world.ports());
    return world;
  };

  it('gives the rows of its distinct events, in any order and with any duplicates', async () => {
    await fc.assert(
      fc.asyncProperty(aHistory, async ([events, shuffled]) => {
        const seen = new Set(shuffled);
        const distinct = events.filter((event) => seen.has(event));
        const world = await replay(shuffled);

        expect(world.log.size).toBe(distinct.length);
        for (const [shipment, current] of world.shipments) {
          const versions = distinct.filter(({ shipment_id }) => shipment_id === shipment).map(({ version }) => version);
          expect(current.version).toBe(versions.sort().at(-1));
        }
        const notifying = distinct.filter(({ status }) =>
          ['delivered', 'failed', 'cancelled', 'returned'].includes(status),
        );
        expect(world.published).toHaveLength(notifying.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
