import type { Status } from '../../../contracts/statuses';
import { until } from '../../../lib/until.mjs';
import { notificationState } from '../../../src/adapters/notification-state';
import { shipments } from '../../../src/adapters/shipments';
import { stalledRow, unreportedRows } from '../../../src/adapters/stalled-shipments';
import { advanceStatus } from '../../../src/application/advance-status';
import { leaseOf } from '../../../src/domain/lease';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aShipmentEvent } from '../../support/builders/events';
import { aRow } from '../../support/builders/stream-records';
import { databaseOfFile, UNLIMITED } from '../../support/database';

const NOW = Date.UTC(2026, 2, 9);
const SPAN = { from: NOW - 5_000, to: NOW - 3_000 };

const database = databaseOfFile();
const table = () => database().tables.shipments;

const put = (event: Partial<ShipmentEvent>) =>
  advanceStatus(aShipmentEvent(event), shipments(database().db, table(), UNLIMITED));

const stateOf = (event: Partial<ShipmentEvent>, request = 'first') => {
  const row = stalledRow(table(), aRow(aShipmentEvent(event)), leaseOf(NOW + 60_000, request));
  return notificationState(database().db, row, () => NOW, UNLIMITED);
};

async function unreported(status: Status): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of unreportedRows(database().db, table(), status, SPAN, UNLIMITED))
    ids.push(...page.map(({ shipment_id }) => shipment_id));
  return ids;
}

const attributesOf = async (shipment_id: string) =>
  Object.keys((await database().row('shipments', { shipment_id: { S: shipment_id } })) ?? {}).filter((name) =>
    name.startsWith('stalled_'),
  );

it('unreportedRows reads the rows of a status in a time span, both ends included, oldest first, without marked ones', async () => {
  const at = (shipment_id: string, timestamp: number, status: Status = 'pending') => ({
    shipment_id,
    timestamp,
    status,
  });
  const marked = at('marked', NOW - 4_000);
  await Promise.all(
    [
      at('to', SPAN.to),
      at('from', SPAN.from),
      at('before', SPAN.from - 1),
      at('after', SPAN.to + 1),
      at('other', NOW - 4_000, 'failed'),
      marked,
    ].map(put),
  );
  await stateOf(marked).claim();
  await stateOf(marked).markNotified();

  await until(async () => (await unreported('pending')).join() === 'from,to');
});

it('only one run can claim a row, and only while it has the version that was read', async () => {
  const event = { shipment_id: 'claimed', event_id: 'e-1', timestamp: NOW - 4_000 };
  await put(event);

  const claims = await Promise.all(['first', 'second'].map((request) => stateOf(event, request).claim()));

  expect(claims.filter((claim) => claim !== 'held')).toEqual([{}]);
  expect(await stateOf({ ...event, event_id: 'e-0' }, 'third').claim()).toBe('held');
});

it('a newer event removes lease and mark, and a late mark leaves the new row unchanged', async () => {
  const stalled = { shipment_id: 'moved', event_id: 'e-1', timestamp: NOW - 4_000 };
  const newer = { ...stalled, event_id: 'e-2', timestamp: NOW - 3_500 };
  await put(stalled);
  await stateOf(stalled).claim();
  expect(await attributesOf('moved')).toEqual(['stalled_lease']);
  await put(newer);
  expect(await attributesOf('moved')).toEqual([]);

  await stateOf(stalled).markNotified();

  expect(await attributesOf('moved')).toEqual([]);
  expect(await stateOf(newer, 'second').claim()).toEqual({});
  await stateOf(newer, 'second').markNotified();
  expect(await attributesOf('moved')).toEqual(['stalled_notified_at']);
  expect(await stateOf(newer, 'third').claim()).toBe('notified');
});

it('marking a row that does not exist creates none', async () => {
  await stateOf({ shipment_id: 'nowhere' }).markNotified();

  expect(await stateOf({ shipment_id: 'nowhere' }).claim()).toBe('held');
  expect(await attributesOf('nowhere')).toEqual([]);
});
