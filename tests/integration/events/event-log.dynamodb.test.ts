/** The log, its index of shipments and the notification state of rows, on a DynamoDB. */
import { GetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { appendAtOnce } from '../../../cli/conformance/dynamodb-cases';
import { earlierAnnouncement, receivedErrorRow } from '../../../src/adapters/error-table';
import { eventLog, logKey } from '../../../src/adapters/event-log';
import { type NotifiableRow, notificationState } from '../../../src/adapters/notification-state';
import { leaseOf } from '../../../src/domain/lease';
import { processResultOf } from '../../../src/domain/process-result';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aShipmentEvent } from '../../support/builders/events';
import { databaseOfFile, UNLIMITED } from '../../support/database';

const NOW = Date.UTC(2026, 2, 2, 9);

const database = databaseOfFile();
let log: ReturnType<typeof eventLog>;

beforeAll(async () => {
  log = eventLog(database().db, database().tables.shipmentEvents, 0, UNLIMITED);
});

const append = (event: ShipmentEvent, lease?: string) => log.append(event, processResultOf(event, NOW), lease);

async function read({ table, key }: Pick<NotifiableRow, 'table' | 'key'>) {
  return (await database().db.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
}

const rowOf = (event: ShipmentEvent) => ({
  table: database().tables.shipmentEvents,
  key: logKey(event),
  leaseName: 'lease',
  notifiedName: 'notified_at',
});

const stateOf = (row: NotifiableRow, now: number) => notificationState(database().db, row, () => now, UNLIMITED);

describe('the log', () => {
  it('appends a new event with the designed attributes', async () => {
    const event = aShipmentEvent({
      event_id: 'new',
      old_status: 'pending',
      metadata: { carrier: 'NordFreight', estimated_days: 2, parcels: [{ fragile: true, note: null }] },
    });

    expect(await append(event)).toEqual({ created: true });

    expect(await read(rowOf(event))).toEqual({
      event_id: { S: 'new' },
      timestamp: { N: '1772438400000' },
      shipment_id: { S: 'SHP-1' },
      status: { S: 'in_transit' },
      old_status: { S: 'pending' },
      detail_type: { S: 'Shipment Status Updated' },
      payload_hash: { S: '2:hash' },
      metadata: {
        M: {
          carrier: { S: 'NordFreight' },
          estimated_days: { N: '2' },
          parcels: { L: [{ M: { fragile: { BOOL: true }, note: { NULL: true } } }] },
        },
      },
      process_result: {
        M: {
          processed_at: { S: '2026-03-02T09:00:00.000Z' },
          validations: { L: [{ S: 'status_valid' }, { S: 'carrier_present' }] },
          estimated_delivery: { S: '2026-03-04T08:00:00.000Z' },
        },
      },
    });
  });

  it('returns the hash and the lease of a known event, and leaves its row unchanged', async () => {
    const event = aShipmentEvent({ event_id: 'known' });
    await append(event, '1772442000000#first');
    const before = await read(rowOf(event));

    const again = await append({ ...event, payload_hash: '2:other', status: 'delivered' }, '1772442000001#second');

    expect(again).toEqual({ created: false, existing: { payload_hash: '2:hash', lease: '1772442000000#first' } });
    expect(await read(rowOf(event))).toEqual(before);
  });

  it('returns when a known event was notified', async () => {
    const event = aShipmentEvent({ event_id: 'notified' });
    await append(event, '1772442000000#first');

    await stateOf({ ...rowOf(event), lease: '1772442000000#first' }, NOW).markNotified();

    const existing = { payload_hash: '2:hash', notified_at: '2026-03-02T09:00:00.000Z' };
    expect(await append(event)).toEqual({ created: false, existing });
  });

  it('returns when a known event was redacted', async () => {
    const event = aShipmentEvent({ event_id: 'redacted' });
    await append(event);
    const redact = new UpdateItemCommand({
      TableName: database().tables.shipmentEvents,
      Key: logKey(event),
      UpdateExpression: 'SET redacted_at = :now',
      ExpressionAttributeValues: { ':now': { S: '2026-03-03T00:00:00.000Z' } },
    });
    await database().db.send(redact);

    expect(await append(event)).toMatchObject({ existing: { redacted_at: '2026-03-03T00:00:00.000Z' } });
  });

  it('stores a row for the days of retention after its first handling', async () => {
    const event = aShipmentEvent({ event_id: 'expiring' });
    const days = eventLog(database().db, database().tables.shipmentEvents, 45, UNLIMITED);
    for (const now of [NOW + 999, NOW + 86_400_000]) await days.append(event, processResultOf(event, now), undefined);

    expect((await read(rowOf(event)))?.['ttl']).toEqual({ N: String(NOW / 1_000 + 45 * 86_400) });
  });

  it('appends two events with one id and different times', async () => {
    const event = aShipmentEvent({ event_id: 'same-id' });
    const later = aShipmentEvent({ event_id: 'same-id', timestamp: event.timestamp + 1 });

    expect([await append(event), await append(later)]).toEqual([{ created: true }, { created: true }]);
  });

  it('appends exactly one of many equal events at once', async () => {
    const event = aShipmentEvent({ event_id: 'at-once' });

    const answers = await appendAtOnce(log, event);

    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });
});

/** Milliseconds until the lease of an invocation expires. */
const LEASE_MS = 15_000;

let rows = 0;

/** Appends an event with a lease until `NOW + LEASE_MS`. */
async function loggedRow(): Promise<Omit<NotifiableRow, 'lease'>> {
  rows += 1;
  const event = aShipmentEvent({ event_id: `event-${rows}`, status: 'delivered' });
  await append(event, leaseOf(NOW + LEASE_MS, 'first'));
  return rowOf(event);
}

const errorRow = (detail_type: string, error_id: string, lease: string, now: number) =>
  receivedErrorRow(
    database().tables.errorEvents,
    {
      error_id,
      timestamp: NOW,
      detail_type,
      error_type: 'label_unreadable',
      error_message: `seen at ${now}`,
      event: '{}',
    },
    lease,
    now,
  );

/** The notification state of a row for an invocation that starts `after` milliseconds after the row was written. */
const invocation = (row: Omit<NotifiableRow, 'lease'>, requestId: string, after: number) =>
  stateOf({ ...row, lease: leaseOf(NOW + after + LEASE_MS, requestId) }, NOW + after);

describe('a lease', () => {
  it('keeps others out until it expires, and is then taken over by one of them', async () => {
    const row = await loggedRow();

    expect(await invocation(row, 'second', LEASE_MS).claim()).toBe('held');

    const claims = await Promise.all(
      ['third', 'fourth', 'fifth'].map((request) => invocation(row, request, LEASE_MS + 1).claim()),
    );
    expect(claims.filter((claim) => claim !== 'held')).toEqual([{}]);
  });

  it('can be claimed again by its holder, who may have lost the first answer', async () => {
    const row = await loggedRow();
    expect(await stateOf({ ...row, lease: leaseOf(NOW + LEASE_MS, 'first') }, NOW).claim()).toEqual({});
  });

  it('can be released by its holder only', async () => {
    const row = await loggedRow();

    await expect(invocation(row, 'second', 0).release()).rejects.toThrow('conditional request failed');
    expect((await read(row))?.['lease']).toEqual({ S: leaseOf(NOW + LEASE_MS, 'first') });

    await stateOf({ ...row, lease: leaseOf(NOW + LEASE_MS, 'first') }, NOW).release();
    expect((await read(row))?.['lease']).toBeUndefined();
    expect(await invocation(row, 'second', 1).claim()).toEqual({});
  });
});

describe('markNotified', () => {
  it('ends the lease, stores its first time, and makes the row unclaimable', async () => {
    const row = await loggedRow();

    await invocation(row, 'first', 500).markNotified();
    await invocation(row, 'second', 900).markNotified();

    expect(await read(row)).toMatchObject({ notified_at: { S: '2026-03-02T09:00:00.500Z' } });
    expect((await read(row))?.['lease']).toBeUndefined();
    expect(await invocation(row, 'third', LEASE_MS * 2).claim()).toBe('notified');
  });
});

describe('the row of a received error event', () => {
  it('is created by the claim, keeps its first error, and has a notification state for each detail-type', async () => {
    const first = errorRow('Processing Error', 'external/e-1', leaseOf(NOW + LEASE_MS, 'first'), NOW);
    const later = NOW + 60_000;
    const second = errorRow('Critical Error', 'external/e-1', leaseOf(later + LEASE_MS, 'second'), later);

    expect(await stateOf(first, NOW).claim()).toEqual({ firstSeenAt: NOW });
    await stateOf(first, NOW).markNotified();
    expect(await stateOf(first, NOW).claim()).toBe('notified');
    expect(await stateOf(second, later).claim()).toEqual({ firstSeenAt: NOW });

    expect(await read(first)).toEqual({
      error_id: { S: 'external/e-1' },
      timestamp: { N: String(NOW) },
      error_type: { S: 'label_unreadable' },
      error_message: { S: `seen at ${NOW}` },
      event: { S: '{}' },
      first_seen_at: { S: '2026-03-02T09:00:00.000Z' },
      last_seen_at: { S: '2026-03-02T09:01:00.000Z' },
      ttl: { N: String(later / 1_000 + 30 * 86_400) },
      processing_error_notified_at: { S: '2026-03-02T09:00:00.000Z' },
      critical_error_lease: { S: leaseOf(later + LEASE_MS, 'second') },
    });
  });
});

describe('an announcement of an earlier version', () => {
  const key = { error_id: 'logistics-status-updater-dev/earlier', timestamp: NOW };
  const stateAt = (now: number) =>
    earlierAnnouncement(database().db, database().tables.errorEvents, key, now, UNLIMITED);

  it('has the notification state none, held or notified', async () => {
    const lease = leaseOf(NOW + LEASE_MS, 'first');
    const earlier = errorRow('Processing Error', key.error_id, lease, NOW);

    expect(await stateAt(NOW)).toBe('none');
    await stateOf(earlier, NOW).claim();
    expect([await stateAt(NOW), await stateAt(NOW + LEASE_MS + 1)]).toEqual(['held', 'none']);
    await stateOf(earlier, NOW).markNotified();
    expect(await stateAt(NOW)).toBe('notified');
  });
});

it('the index of shipments lists the events of one in the order of their times', async () => {
  const at = (hour: number) => Date.UTC(2026, 2, 5, hour);
  // Order of arrival, order of time and order of ids all differ.
  for (const [event_id, hour] of [
    ['a1', 11],
    ['a3', 8],
    ['a2', 9],
  ] as const)
    await append(aShipmentEvent({ event_id, shipment_id: 'SHP-A', timestamp: at(hour) }));

  const { Items } = await database().db.send(
    new QueryCommand({
      TableName: database().tables.shipmentEvents,
      IndexName: 'shipment-index',
      KeyConditionExpression: 'shipment_id = :id',
      ExpressionAttributeValues: { ':id': { S: 'SHP-A' } },
    }),
  );
  expect(Items?.map(({ event_id }) => event_id?.S)).toEqual(['a3', 'a2', 'a1']);
});
