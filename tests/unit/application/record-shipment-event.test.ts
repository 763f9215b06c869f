import fc from 'fast-check';
import { notifies } from '../../../contracts/shipment-events';
import { type RecordPorts, recordShipmentEvent } from '../../../src/application/record-shipment-event';
import { Conflict } from '../../../src/domain/failures';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { World } from '../../support/builders/world';
import { eventOf, history, rowsByDesign } from '../../support/properties/history';

const delivered = aShipmentEvent({ status: 'delivered', event_id: 'e-delivered' });

describe('recording an event', () => {
  it('writes the log, then the status, then notifies', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports());
    expect(world.steps).toEqual(['append', 'putStatus', 'publish', 'mark']);
    expect(world.counts).toEqual({ notified: 1, accepted: 1 });
  });

  it('repeats the status write for a duplicate and adds no other effect', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports('first'));
    world.steps.length = 0;
    const again = await recordShipmentEvent(delivered, world.ports('second'));
    const status = 'delivered';
    expect(again).toEqual({ duplicate: true, moved: false, recordedStatus: status, currentStatus: status });
    expect(world.steps).toEqual(['append', 'putStatus']);
    expect(world.counts).toEqual({ notified: 1, accepted: 1, duplicate: 1 });
  });

  it.each([
    ['a delivered event', delivered, {}],
    ['a correction', aCorrection({ reason: 'Ann called', corrected_by: 'Ann' }), { reason: '[redacted]' }],
  ])('sends the notification of %s without free text when its row was redacted before', async (_, event, kept) => {
    const world = new World();
    world.broken.add('publish');
    const sent = { ...event, metadata: { signed_by: 'Ann' } };
    await expect(recordShipmentEvent(sent, world.ports('first'))).rejects.toThrow('publish is broken');
    for (const row of world.log.values()) row.redacted_at = '2026-03-02T09:00:00.000Z';
    await recordShipmentEvent(sent, world.ports('second'));
    expect(world.published.map(({ body }) => JSON.parse(body))).toEqual([
      expect.objectContaining({ event_id: event.event_id, metadata: {}, ...kept }),
    ]);
    expect(JSON.stringify(world.published)).not.toContain('Ann');
  });

  it('refuses another content under the same identity, without a status write or a notification', async () => {
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
    expect(world.counts['unexpectedTransition']).toBeUndefined();
  });

  it('notifies about a late failed attempt too, marked as superseded', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports());
    await recordShipmentEvent(aShipmentEvent({ event_id: 'e-failed', status: 'failed' }), world.ports());
    expect(world.published.map(({ attributes }) => attributes['superseded'])).toEqual(['false', 'true']);
  });

  it('counts unexpected transitions and wrong old statuses only when the row moved', async () => {
    const world = new World();
    await recordShipmentEvent(aShipmentEvent({ status: 'pending', timestamp: 1, old_status: 'failed' }), world.ports());
    expect(world.counts).toEqual({ accepted: 1 });
    const skipping = { event_id: 'e-2', status: 'out_for_delivery', timestamp: 2, old_status: 'in_transit' } as const;
    await recordShipmentEvent(aShipmentEvent(skipping), world.ports());
    expect(world.counts).toMatchObject({ unexpectedTransition: 1, oldStatusMismatch: 1 });
  });
});

/** An event of SHP-1, so many minutes after the others. */
const at = (minute: number, overrides: Partial<ShipmentEvent>) =>
  aShipmentEvent({ timestamp: delivered.timestamp + minute * 60_000, event_id: `e-${minute}`, ...overrides });

describe('a correction', () => {
  const corrected = aCorrection({ status: 'in_transit', timestamp: delivered.timestamp + 60_000 });

  it('reopens a closed shipment in one status write, notifies, and is never unexpected', async () => {
    const world = new World();
    await recordShipmentEvent(delivered, world.ports());
    world.steps.length = 0;

    const recorded = await recordShipmentEvent(corrected, world.ports());

    expect(recorded).toMatchObject({ moved: true, recordedStatus: 'delivered', currentStatus: 'in_transit' });
    expect(world.steps).toEqual(['append', 'putStatus', 'publish', 'mark']);
    expect(world.published.at(-1)?.attributes).toMatchObject({ status: 'in_transit', correction: 'true' });
    expect(world.counts).toEqual({ accepted: 2, notified: 2, corrected: 1 });
  });

  it('is the status that the next move is judged by, in one write more', async () => {
    const world = new World();
    for (const event of [delivered, corrected]) await recordShipmentEvent(event, world.ports());
    world.steps.length = 0;

    await recordShipmentEvent(at(2, { status: 'out_for_delivery', old_status: 'in_transit' }), world.ports());

    expect(world.shipments.get('SHP-1')?.status).toBe('out_for_delivery');
    expect(world.steps).toEqual(['append', 'putStatus', 'putStatus']);
    expect(world.counts).not.toHaveProperty('unexpectedTransition');
    expect(world.counts).not.toHaveProperty('oldStatusMismatch');
  });

  it('that voids one event alone lets a later one stand, and is superseded by it', async () => {
    const world = new World();
    const scanned = at(5, { status: 'out_for_delivery' });
    for (const event of [delivered, scanned]) await recordShipmentEvent(event, world.ports());

    const voided = await recordShipmentEvent(aCorrection({ timestamp: delivered.timestamp }), world.ports());

    expect(voided).toMatchObject({ moved: true, recordedStatus: 'delivered', currentStatus: 'out_for_delivery' });
    expect(world.shipments.get('SHP-1')?.event_id).toBe(scanned.event_id);
    expect(world.published.at(-1)?.attributes).toMatchObject({ correction: 'true', superseded: 'true' });
    // The scan was superseded when it came; the correction changed the status.
    expect(world.counts).toMatchObject({ superseded: 1, corrected: 1 });
  });

  it('is counted once, however often it comes', async () => {
    const world = new World();
    for (const request of ['first', 'second']) await recordShipmentEvent(corrected, world.ports(request));
    expect(world.counts).toEqual({ accepted: 1, corrected: 1, notified: 1, duplicate: 1 });
  });

  it('sends no notification when it asks for none', async () => {
    const world = new World();
    await recordShipmentEvent({ ...corrected, notify: false }, world.ports());
    expect(world.steps).toEqual(['append', 'putStatus']);
  });
});

describe('the status write', () => {
  const open = at(5, { status: 'in_transit' });

  it.each([
    ['one, for the first event', [delivered], 1],
    ['one, for a later event', [at(1, {}), open], 1],
    ['one, for a closing event after all others', [at(-1, {}), delivered], 1],
    ['one, for a late event, which changes nothing', [delivered, at(-1, {})], 1],
    ['one, for a duplicate', [open, open], 1],
    ['two, for an open event after a closing one', [delivered, open], 2],
    ['one, when that one comes again', [delivered, open, open], 1],
    ['two, for a closing event before an open one', [open, delivered], 2],
    ['two, for each event that counts after a correction', [aCorrection({}), open], 2],
  ])('is %s', async (_, events, expected) => {
    const world = new World();
    for (const event of events) {
      world.steps.length = 0;
      await recordShipmentEvent({ ...event, notify: false }, world.ports());
    }

    expect(world.steps.filter((step) => step === 'putStatus')).toHaveLength(expected);
  });

  it('is repeated while other writers are faster, and ends when one is not', async () => {
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

describe('a crash', () => {
  it('while publishing gives the lease back at once', async () => {
    const world = new World();
    world.broken.add('publish');
    await expect(recordShipmentEvent(delivered, world.ports('first'))).rejects.toThrow('publish is broken');
    await recordShipmentEvent(delivered, world.ports('second'));
    expect(world.published).toHaveLength(1);
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

/** Small, for the loop: tests/properties/order-free.property.test.ts has the writers, the crashes and the many histories. */
it('gives the rows of a history’s events, in any order and with any duplicates', async () => {
  await fc.assert(
    fc.asyncProperty(history(false), async ({ happenings, deliveries }) => {
      const world = new World();
      const events = happenings.map(eventOf);
      for (const { of } of deliveries) await recordShipmentEvent(events[of] as ShipmentEvent, world.ports());

      expect(world.log.size).toBe(events.length);
      expect(world.shipments).toEqual(rowsByDesign(events));
      expect(world.published).toHaveLength(events.filter(notifies).length);
    }),
    { numRuns: 1_000 },
  );
});
