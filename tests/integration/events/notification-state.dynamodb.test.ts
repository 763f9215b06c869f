import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { earlierAnnouncement, receivedErrorRow } from '../../../src/adapters/error-table';
import { eventLog, logKey } from '../../../src/adapters/event-log';
import { type NotifiableRow, notificationState } from '../../../src/adapters/notification-state';
import { leaseOf } from '../../../src/domain/lease';
import { processResultOf } from '../../../src/domain/process-result';
import { aShipmentEvent } from '../../support/builders/events';
import { databaseOfFile, UNLIMITED } from '../../support/database';

const NOW = Date.UTC(2026, 2, 2, 9);
const LEASE_MS = 15_000;

const database = databaseOfFile();
let rows = 0;

/** The row of an event in the log, put by an invocation that may run until `NOW + LEASE_MS`. */
async function loggedRow(): Promise<Omit<NotifiableRow, 'lease'>> {
  rows += 1;
  const event = aShipmentEvent({ event_id: `event-${rows}`, status: 'delivered' });
  const table = database().tables.shipmentEvents;
  const log = eventLog(database().db, table, 0, UNLIMITED);
  await log.append(event, processResultOf(event, NOW), leaseOf(NOW + LEASE_MS, 'first'));
  return { table, key: logKey(event), leaseName: 'lease', notifiedName: 'notified_at' };
}

/** The row that a received error event gives itself. */
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

const marks = (row: NotifiableRow, now: number) => notificationState(database().db, row, () => now, UNLIMITED);

/** The marks of one invocation on a row, some milliseconds after the row was written. */
const invocation = (row: Omit<NotifiableRow, 'lease'>, requestId: string, after: number) =>
  marks({ ...row, lease: leaseOf(NOW + after + LEASE_MS, requestId) }, NOW + after);

async function read({ table, key }: Pick<NotifiableRow, 'table' | 'key'>) {
  return (await database().db.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
}

describe('a lease', () => {
  it('holds off others until it expires, and is then taken over by one of them', async () => {
    const row = await loggedRow();

    expect(await invocation(row, 'second', LEASE_MS).claim()).toBe('held');

    const claims = await Promise.all(
      ['third', 'fourth', 'fifth'].map((request) => invocation(row, request, LEASE_MS + 1).claim()),
    );
    expect(claims.filter((claim) => claim !== 'held')).toEqual([{}]);
  });

  it('is its holder’s to claim again: the answer to the first claim was lost', async () => {
    const row = await loggedRow();
    expect(await marks({ ...row, lease: leaseOf(NOW + LEASE_MS, 'first') }, NOW).claim()).toEqual({});
  });

  it('is given back by its holder only', async () => {
    const row = await loggedRow();

    await expect(invocation(row, 'second', 0).release()).rejects.toThrow('conditional request failed');
    expect((await read(row))?.['lease']).toEqual({ S: leaseOf(NOW + LEASE_MS, 'first') });

    await marks({ ...row, lease: leaseOf(NOW + LEASE_MS, 'first') }, NOW).release();
    expect((await read(row))?.['lease']).toBeUndefined();
    expect(await invocation(row, 'second', 1).claim()).toEqual({});
  });
});

describe('the mark', () => {
  it('ends the lease, says when, stays as it was first set, and the row cannot be claimed again', async () => {
    const row = await loggedRow();

    await invocation(row, 'first', 500).markNotified();
    await invocation(row, 'second', 900).markNotified();

    expect(await read(row)).toMatchObject({ notified_at: { S: '2026-03-02T09:00:00.500Z' } });
    expect((await read(row))?.['lease']).toBeUndefined();
    expect(await invocation(row, 'third', LEASE_MS * 2).claim()).toBe('notified');
  });
});

describe('the row of a received error event', () => {
  it('is made by the claim, keeps its first words, and has marks for each detail-type', async () => {
    const first = errorRow('Processing Error', 'external/e-1', leaseOf(NOW + LEASE_MS, 'first'), NOW);
    const later = NOW + 60_000;
    const second = errorRow('Critical Error', 'external/e-1', leaseOf(later + LEASE_MS, 'second'), later);

    expect(await marks(first, NOW).claim()).toEqual({ firstSeenAt: NOW });
    await marks(first, NOW).markNotified();
    expect(await marks(first, NOW).claim()).toBe('notified');
    expect(await marks(second, later).claim()).toEqual({ firstSeenAt: NOW });

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

describe('the row of a failure, to an announcement as earlier versions made it', () => {
  const key = { error_id: 'logistics-status-updater-dev/earlier', timestamp: NOW };
  const asked = (now: number) => earlierAnnouncement(database().db, database().tables.errorEvents, key, now, UNLIMITED);

  it('says whether its notification was sent, or is being sent', async () => {
    const lease = leaseOf(NOW + LEASE_MS, 'first');
    const earlier = errorRow('Processing Error', key.error_id, lease, NOW);

    expect(await asked(NOW)).toBe('none');
    await marks(earlier, NOW).claim();
    expect([await asked(NOW), await asked(NOW + LEASE_MS + 1)]).toEqual(['held', 'none']);
    await marks(earlier, NOW).markNotified();
    expect(await asked(NOW)).toBe('notified');
  });
});
