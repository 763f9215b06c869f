import fc from 'fast-check';
import { notifies } from '../../../contracts/shipment-events';
import { type Recorded, type RecordPorts, recordShipmentEvent } from '../../../src/application/record-shipment-event';
import { Conflict } from '../../../src/domain/failures';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { World } from '../../support/builders/world';
import { eventOf, history, rowsByDesign } from '../../support/properties/history';

const delivered = aShipmentEvent({ status: 'delivered', event_id: 'e-delivered' });

/** An event of SHP-1, so many minutes after `delivered`. */
const at = (minute: number, overrides: Partial<ShipmentEvent>) =>
  aShipmentEvent({ timestamp: delivered.timestamp + minute * 60_000, event_id: `e-${minute}`, ...overrides });

const corrected = aCorrection({ timestamp: delivered.timestamp + 60_000 });

/** The world after these events, each recorded by its own invocation; steps and result are those of the last. */
async function worldAfter(...events: readonly ShipmentEvent[]) {
  const world = new World();
  let recorded: Recorded | undefined;
  for (const [index, event] of events.entries()) {
    world.steps.length = 0;
    recorded = await recordShipmentEvent(event, world.ports(`request-${index}`));
  }
  return { world, recorded };
}

const RECORDED = ['append', 'putStatus'];
const NOTIFIED = [...RECORDED, 'publish', 'mark'];

describe('an event', () => {
  it.each<[title: string, events: ShipmentEvent[], steps: string[], recorded: object, counts: object]>([
    ['is notified', [delivered], NOTIFIED, { duplicate: false, moved: true }, { notified: 1, accepted: 1 }],
    [
      'that is a duplicate only repeats its status write',
      [delivered, delivered],
      RECORDED,
      { duplicate: true, moved: false, recordedStatus: 'delivered', currentStatus: 'delivered' },
      { notified: 1, accepted: 1, duplicate: 1 },
    ],
    [
      'that is late is superseded',
      [delivered, at(1, {})],
      [...RECORDED, 'putStatus'],
      { moved: false, recordedStatus: 'delivered', currentStatus: 'delivered' },
      { notified: 1, accepted: 2, superseded: 1 },
    ],
    [
      'that is late is notified if its status notifies',
      [delivered, at(0, { status: 'failed' })],
      NOTIFIED,
      { moved: false },
      { notified: 2, accepted: 2, superseded: 1 },
    ],
    [
      'that is the first does not count a mismatch of its old_status',
      [at(0, { status: 'pending', old_status: 'failed' })],
      RECORDED,
      { moved: true, currentStatus: 'pending' },
      { accepted: 1 },
    ],
    [
      'with the id and the status of an earlier one and another time is a different event, and expected',
      [at(0, { event_id: 'e' }), at(1, { event_id: 'e' })],
      RECORDED,
      { moved: true, recordedStatus: 'in_transit', currentStatus: 'in_transit' },
      { accepted: 2 },
    ],
    [
      'that is an unexpected transition with a wrong old_status counts both',
      [at(0, { status: 'pending' }), at(1, { status: 'out_for_delivery', old_status: 'in_transit' })],
      RECORDED,
      { moved: true, recordedStatus: 'pending' },
      { accepted: 2, unexpectedTransition: 1, oldStatusMismatch: 1 },
    ],
    [
      'that corrects reopens a closed shipment, and is never unexpected',
      [delivered, corrected],
      NOTIFIED,
      { moved: true, recordedStatus: 'delivered', currentStatus: 'in_transit' },
      { accepted: 2, notified: 2, corrected: 1 },
    ],
    [
      'after a correction is judged by the corrected status',
      [delivered, corrected, at(2, { status: 'out_for_delivery', old_status: 'in_transit' })],
      [...RECORDED, 'putStatus'],
      { moved: true, currentStatus: 'out_for_delivery' },
      { accepted: 3, notified: 2, corrected: 1 },
    ],
    [
      'that corrects only an earlier one makes a later one current',
      [delivered, at(5, { status: 'out_for_delivery' }), aCorrection({ timestamp: delivered.timestamp })],
      ['append', 'putStatus', 'putStatus', 'publish', 'mark'],
      { moved: true, recordedStatus: 'delivered', currentStatus: 'out_for_delivery' },
      { accepted: 3, notified: 2, superseded: 1, corrected: 1 },
    ],
    [
      'that corrects is a duplicate the second time',
      [corrected, corrected],
      RECORDED,
      { duplicate: true },
      { accepted: 1, notified: 1, corrected: 1, duplicate: 1 },
    ],
  ])('%s', async (_, events, steps, result, counts) => {
    const { world, recorded } = await worldAfter(...events);

    expect(world.steps).toEqual(steps);
    expect(recorded).toMatchObject(result);
    expect(world.counts).toEqual(counts);
    expect(world.log.size).toBe(new Set(events).size);
  });

  it('that is late is superseded in its notification', async () => {
    const { world } = await worldAfter(delivered, at(0, { status: 'failed' }));

    expect(world.published.map(({ attributes }) => attributes['superseded'])).toEqual(['false', 'true']);
  });
});

it.each([
  ['a delivered event', delivered, {}],
  ['a correction', aCorrection({ reason: 'Ann called', corrected_by: 'Ann' }), { reason: '[redacted]' }],
])('repeats a failed notification of %s without free text when its row was redacted', async (_, event, expected) => {
  const world = new World();
  world.broken.add('publish');
  const sent = { ...event, metadata: { signed_by: 'Ann' } };
  await expect(recordShipmentEvent(sent, world.ports('first'))).rejects.toThrow('publish is broken');
  for (const row of world.log.values()) row.redacted_at = '2026-03-02T09:00:00.000Z';
  await recordShipmentEvent(sent, world.ports('second'));
  expect(world.published.map(({ body }) => JSON.parse(body))).toEqual([
    expect.objectContaining({ event_id: event.event_id, metadata: {}, ...expected }),
  ]);
  expect(JSON.stringify(world.published)).not.toContain('Ann');
});

it('refuses different content under the same identity, without a status write or a notification', async () => {
  const world = new World();
  await recordShipmentEvent(aShipmentEvent(), world.ports());
  const other = aShipmentEvent({ status: 'delivered', payload_hash: '2:other' });
  await expect(recordShipmentEvent(other, world.ports())).rejects.toThrow(Conflict);
  expect(world.shipments.get('SHP-1')?.status).toBe('in_transit');
  expect(world.published).toEqual([]);
});

describe('the status write', () => {
  const open = at(5, { status: 'in_transit' });

  it.each([
    ['once for a closing event after all others', [at(-1, {}), delivered], 1],
    ['once for a duplicate of a hidden event', [delivered, open, open], 1],
    ['twice for a closing event before an open one', [open, delivered], 2],
  ])('is made %s', async (_, events, expected) => {
    const { world } = await worldAfter(...events);

    expect(world.steps.filter((step) => step === 'putStatus')).toHaveLength(expected);
  });

  it('is repeated while other writers are faster', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports());
    const ports = world.ports();
    let faster = 3;
    const racing: RecordPorts = {
      ...ports,
      async putStatus(row, seen) {
        if (seen && faster > 0) {
          faster -= 1;
          await recordShipmentEvent(at(10 - faster, { status: 'in_transit' }), world.ports());
        }
        return ports.putStatus(row, seen);
      },
    };

    await recordShipmentEvent(at(20, { status: 'failed', notify: false }), racing);

    expect(world.shipments.get('SHP-1')).toMatchObject({
      event_id: 'e-delivered',
      hidden_event: expect.stringContaining('#e-20'),
    });
  });
});

it('accepts an event whose put the SDK repeated because the response was lost', async () => {
  const world = new World();
  const ports = world.ports();
  await ports.append(delivered, { processed_at: '', validations: [] }, ports.lease);
  const { duplicate } = await recordShipmentEvent(delivered, ports);
  expect(duplicate).toBe(false);
  expect(world.published).toHaveLength(1);
});

/** A quick version of tests/properties/order-free.property.test.ts, which adds writers, crashes and more histories. */
it('ends in the same rows for events in any order and with any duplicates', async () => {
  await fc.assert(
    fc.asyncProperty(history(false), async ({ happenings, deliveries }) => {
      const world = new World();
      const events = happenings.map(eventOf);
      for (const { of } of deliveries) await recordShipmentEvent(events[of] as ShipmentEvent, world.ports());

      expect(world.log.size).toBe(events.length);
      expect(world.shipments).toEqual(rowsByDesign(events));
      expect(world.published).toHaveLength(events.filter(notifies).length);
    }),
    { numRuns: 300 },
  );
});
