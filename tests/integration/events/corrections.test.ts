/** Corrections from the bus to the rows, on the deployed stack. */

import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { notifies } from '../../../contracts/shipment-events';
import { until } from '../../../lib/until.mjs';
import { takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import type { ShipmentRow } from '../../../src/domain/shipment-row';
import { rowByDesign } from '../../support/builders/design-order';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { noticesIn } from '../../support/notices';
import { logistics } from '../../support/operator';
import { rowsByDesign } from '../../support/properties/history';
import { SEED } from '../../support/sample';
import { onTheBus, sendAll, shuffledDay } from '../../support/shuffled-day';
import { startStack } from '../../support/stack';

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

const rowsOf = async () => {
  const { shipments } = await takeSnapshot(stack);
  return new Map(shipments.map((row) => [String(row['shipment_id']), row as unknown as ShipmentRow]));
};

/** On a busy machine a call may time out; its event is tried again, and leaves this trace of the attempt. */
const lasting = (errors: readonly Record<string, unknown>[]) =>
  errors.filter(({ error_type }) => error_type !== 'transient');

const isSame = (rows: ReadonlyMap<string, ShipmentRow>, designed: ReadonlyMap<string, ShipmentRow>) =>
  [...designed].every(([id, { version }]) => rows.get(id)?.version === version);

describe(`random events and corrections, shuffled and duplicated (seed ${SEED})`, () => {
  const { events, deliveries } = shuffledDay();
  const designed = rowsByDesign(events);

  it('end in the rows that the design wants, each notified once', async () => {
    await sendAll(deliveries, stack);
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
    expect([lasting(errors), unrouted]).toEqual([[], []]);
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
    expect(lasting(after.errors)).toEqual([]);
  }, 200_000);
});

describe('rebuild, after all of it', () => {
  const rebuild = async (...options: string[]) => {
    const { code, stdout } = await logistics(stack.endpoint, ['rebuild', '--json', ...options]);
    const rows = stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
    return { code, found: new Map(rows.map(({ shipment_id, difference }) => [shipment_id, difference])) };
  };

  it('finds no difference, then each row that was damaged, and puts all of them right', async () => {
    expect(await rebuild('--dry-run')).toEqual({ code: 0, found: new Map() });

    const TableName = stack.outputs['ShipmentsTableName'];
    const designed = await rowsOf();
    const [gone = '', changed = '', ahead = ''] = designed.keys();
    await stack.db.send(new DeleteItemCommand({ TableName, Key: { shipment_id: { S: gone } } }));
    for (const [shipment_id, change] of [
      [changed, { status: designed.get(changed)?.status === 'failed' ? 'pending' : 'failed' }],
      [ahead, rowByDesign([aShipmentEvent({ shipment_id: ahead, event_id: 'never-sent' })])],
    ] as const) {
      const Item = marshall({ ...designed.get(shipment_id), ...change });
      await stack.db.send(new PutItemCommand({ TableName, Item }));
    }
    const found = new Map([
      [gone, 'missing'],
      [changed, 'damaged'],
      [ahead, expect.stringMatching(/ahead|damaged/)],
    ]);

    expect(await rebuild('--dry-run')).toEqual({ code: 1, found });
    expect(await rebuild('--overwrite')).toEqual({ code: 0, found });
    expect(await rebuild('--dry-run')).toEqual({ code: 0, found: new Map() });
    expect(await rowsOf()).toEqual(designed);
  }, 120_000);
});

it('an operator voids a mistake: first shown, then recorded, then in the track', async () => {
  const events = [aShipmentEvent({ status: 'in_transit' }), aShipmentEvent({ status: 'delivered' })].map(
    (event, place) => ({
      ...event,
      shipment_id: 'VOIDED',
      event_id: `void-${place}`,
      timestamp: event.timestamp + place * 60_000,
    }),
  );
  for (const event of events) {
    await stack.send(onTheBus(event));
    await until(async () => (await rowsOf()).get('VOIDED')?.event_id === event.event_id);
  }
  const correct = (...options: string[]) =>
    logistics(stack.endpoint, ['correct', 'VOIDED', '--void', 'void-1', '--reason', 'another parcel', ...options]);
  const shown = expect.stringMatching(/^status_before +delivered\nstatus_after +in_transit$/m);

  expect(await correct('--dry-run')).toMatchObject({ code: 0, stdout: shown });
  expect((await rowsOf()).get('VOIDED')?.status).toBe('delivered');
  expect(await correct('--by', 'desk 2')).toMatchObject({ code: 0, stdout: shown });

  expect((await rowsOf()).get('VOIDED')).toMatchObject({ status: 'in_transit', timestamp: events[1]?.timestamp });
  const { stdout } = await logistics(stack.endpoint, ['track', 'VOIDED']);
  expect(stdout).toMatch(/delivered +void-1 +no longer counts, notified /);
  expect(stdout).toMatch(/in_transit +correction-\S+ +current, .*correction of void-1 by desk 2: another parcel$/m);
  expect(await correct()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('event void-1 does not count any more, since the correction correction-'),
  });
}, 60_000);

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
  const { stdout } = await logistics(stack.endpoint, ['track', 'STORY', '--json']);
  expect(
    stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line))
      .map(({ status, counts, reason, current }) => [status, counts, reason, current]),
  ).toEqual([
    ['in_transit', false, null, false],
    ['delivered', false, null, false],
    ['in_transit', true, 'scanned by mistake', false],
    ['out_for_delivery', true, null, false],
    ['delivered', true, null, true],
  ]);
  const notices = await until(async () => {
    const about = noticesIn(await takeSnapshot(stack)).filter((notice) => notice.startsWith('STORY '));
    return about.length === 3 && about;
  });
  expect(notices.sort()).toEqual(['STORY delivered', 'STORY delivered', 'STORY in_transit corrected']);
}, 60_000);
