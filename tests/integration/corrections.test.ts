/** Corrections from the bus to the rows, on the deployed stack. */
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { notifies } from '../../contracts/shipment-events';
import { takeSnapshot } from '../../local/snapshot';
import type { EventFile, LocalStack } from '../../local/stack';
import type { ShipmentEvent } from '../../src/domain/shipment-event';
import type { ShipmentRow } from '../../src/domain/shipment-row';
import { logistics } from '../operator';
import { eventOf, history, rowsByDesign } from '../properties/history';
import { EXHAUSTIVE, SEED } from '../sample';
import { startStack } from '../stack';
import { aCorrection, aShipmentEvent } from '../unit/builders/events';
import { until } from '../until';

const HISTORIES = EXHAUSTIVE ? 40 : 12;

/** The emulator runs a process for each event under way. */
const AT_ONCE = 6;

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

const onTheBus = (event: ShipmentEvent): EventFile => {
  const { shipment_id, status, event_id, timestamp, detail_type, reason, notify } = event;
  const occurred_at = new Date(timestamp).toISOString();
  return {
    source: 'logistics.shipment',
    'detail-type': detail_type,
    time: '2026-03-02T12:00:00Z',
    detail: {
      shipment_id,
      status,
      event_id,
      occurred_at,
      ...(reason && { reason }),
      ...(notify === false && { notify }),
    },
  };
};

const rowsOf = async () => {
  const { shipments } = await takeSnapshot(stack);
  return new Map(shipments.map((row) => [String(row['shipment_id']), row as unknown as ShipmentRow]));
};

const isSame = (rows: ReadonlyMap<string, ShipmentRow>, designed: ReadonlyMap<string, ShipmentRow>) =>
  [...designed].every(([id, { version }]) => rows.get(id)?.version === version);

describe(`random events and corrections, shuffled and duplicated (seed ${SEED})`, () => {
  const drawn = fc.sample(history(false), { numRuns: HISTORIES, seed: SEED }).map(({ happenings, deliveries }, run) => {
    const events = happenings.map(eventOf).map((event) => ({
      ...event,
      event_id: `${run}-${event.event_id}`,
      shipment_id: `${run}-${event.shipment_id}`,
    }));
    return { events, delivered: deliveries.flatMap(({ of }) => events[of] ?? []) };
  });
  const events = drawn.flatMap((history) => history.events);
  const designed = rowsByDesign(events);

  it('end in the rows that the design wants, each notified once', async () => {
    const deliveries = drawn.flatMap(({ delivered }) => delivered);
    for (let at = 0; at < deliveries.length; at += AT_ONCE) {
      const some = deliveries.slice(at, at + AT_ONCE);
      await Promise.all(some.map((event) => stack.send(onTheBus(event))));
      await until(async () => {
        const known = new Set((await takeSnapshot(stack)).log.map(({ event_id }) => event_id));
        return some.every(({ event_id }) => known.has(event_id));
      });
    }
    await until(async () => {
      const { notifications } = await takeSnapshot(stack);
      return isSame(await rowsOf(), designed) && notifications.processing.length >= events.filter(notifies).length;
    });

    const { log, notifications, errors, unrouted } = await takeSnapshot(stack);
    expect(await rowsOf()).toEqual(designed);
    expect(log).toHaveLength(events.length);
    expect(notifications.processing.map(({ Message }) => JSON.parse(Message).event_id).sort()).toEqual(
      events
        .filter(notifies)
        .map(({ event_id }) => event_id)
        .sort(),
    );
    expect([errors, unrouted]).toEqual([[], []]);
  }, 120_000);

  it('change no row when they are replayed, send no notification again, and bring lost rows back', async () => {
    const before = await takeSnapshot(stack);
    const TableName = stack.outputs['ShipmentsTableName'];
    // Every other row is lost. That they are back says that the replay has been handled.
    for (const [place, shipment_id] of [...designed.keys()].entries())
      if (place % 2)
        await stack.db.send(new DeleteItemCommand({ TableName, Key: { shipment_id: { S: shipment_id } } }));

    const span = ['--from', '2026-03-02T00:00:00Z', '--to', '2026-03-03T00:00:00Z'];
    expect(await logistics(stack.endpoint, ['replay', ...span, '--wait'])).toMatchObject({ code: 0 });
    await until(async () => isSame(await rowsOf(), designed), 150_000);

    const after = await takeSnapshot(stack);
    const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(await rowsOf()).toEqual(designed);
    expect(sorted(after.log)).toEqual(sorted(before.log));
    expect(after.notifications).toEqual(before.notifications);
    expect(after.errors).toEqual([]);
  }, 200_000);
});

it('a shipment delivered by mistake is corrected, goes out and is delivered', async () => {
  const story = [
    aShipmentEvent({ status: 'in_transit' }),
    aShipmentEvent({ status: 'delivered' }),
    aCorrection({ status: 'in_transit' }),
    aShipmentEvent({ status: 'out_for_delivery' }),
    aShipmentEvent({ status: 'delivered' }),
  ].map((event, place) => ({
    ...event,
    shipment_id: 'STORY',
    event_id: `story-${place}`,
    timestamp: event.timestamp + place * 60_000,
  }));

  for (const event of story) {
    await stack.send(onTheBus(event));
    await until(async () => (await rowsOf()).get('STORY')?.event_id === event.event_id);
  }

  expect((await rowsOf()).get('STORY')?.status).toBe('delivered');
  const subjects = await until(async () => {
    const { notifications } = await takeSnapshot(stack);
    const about = notifications.processing
      .map(({ Subject }) => Subject)
      .filter((text) => text.startsWith('Shipment STORY'));
    return about.length === 3 && about;
  });
  expect(subjects.sort()).toEqual([
    'Shipment STORY corrected: in_transit',
    'Shipment STORY: delivered',
    'Shipment STORY: delivered',
  ]);
}, 60_000);
