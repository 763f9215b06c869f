import { DescribeTimeToLiveCommand, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { errorTable } from '../../../src/adapters/error-table';
import type { Failure } from '../../../src/domain/failure-row';
import { databaseOfFile, UNLIMITED } from '../../support/database';

const NOW = Date.UTC(2026, 2, 2, 9);

const database = databaseOfFile();

const aFailure = (overrides: Partial<Failure> = {}): Failure => ({
  error_id: 'logistics-status-updater-dev/e-1',
  timestamp: NOW,
  error_type: 'transient',
  error_message: 'the table is throttled',
  function_name: 'logistics-status-updater-dev',
  shipment_id: 'SHP-1',
  event_id: 'e-1',
  event: '{"id":"e-1"}',
  ...overrides,
});

const errors = (now = NOW) => errorTable(database().db, database().tables.errorEvents, () => now, UNLIMITED);

async function read({ error_id, timestamp }: Failure) {
  const Key = { error_id: { S: error_id }, timestamp: { N: String(timestamp) } };
  const get = new GetItemCommand({ TableName: database().tables.errorEvents, Key, ConsistentRead: true });
  return (await database().db.send(get)).Item;
}

describe('the row of a failing event', () => {
  it('counts its attempts, and keeps when it was first seen beside the last words', async () => {
    const failure = aFailure();

    expect(await errors().record(failure)).toEqual({ attempts: 1, announced: new Set() });
    const again = await errors(NOW + 60_000).record({ ...failure, error_type: 'rejected', error_message: 'no status' });

    expect(again.attempts).toBe(2);
    expect(await read(failure)).toEqual({
      error_id: { S: failure.error_id },
      timestamp: { N: String(NOW) },
      attempts: { N: '2' },
      announced: { M: {} },
      error_type: { S: 'rejected' },
      error_message: { S: 'no status' },
      function_name: { S: failure.function_name },
      shipment_id: { S: 'SHP-1' },
      event_id: { S: 'e-1' },
      event: { S: '{"id":"e-1"}' },
      first_seen_at: { S: '2026-03-02T09:00:00.000Z' },
      last_seen_at: { S: '2026-03-02T09:01:00.000Z' },
      ttl: { N: String(NOW / 1_000 + 60 + 30 * 86_400) },
    });
  });

  it('counts every one of many attempts at once', async () => {
    const failure = aFailure({ error_id: 'logistics-status-updater-dev/at-once' });

    const rows = await Promise.all(Array.from({ length: 20 }, () => errors().record(failure)));

    expect(rows.map(({ attempts }) => attempts).sort((a, b) => a - b)).toEqual(rows.map((_, index) => index + 1));
  });

  it('remembers each kind of announcement, and when it was first made', async () => {
    const failure = aFailure({ error_id: 'logistics-status-updater-dev/announced' });
    await errors().record(failure);

    await errors().markAnnounced(failure, 'rejected');
    await errors(NOW + 1_000).markAnnounced(failure, 'rejected');
    await errors(NOW + 2_000).markAnnounced(failure, 'retries_exhausted');

    expect((await errors().record(failure)).announced).toEqual(new Set(['rejected', 'retries_exhausted']));
    expect((await read(failure))?.['announced']?.M).toEqual({
      rejected: { S: '2026-03-02T09:00:00.000Z' },
      retries_exhausted: { S: '2026-03-02T09:00:02.000Z' },
    });
  });

  it('keeps what was redacted when the event fails again', async () => {
    const failure = aFailure({ error_id: 'logistics-status-updater-dev/redacted' });
    await errors().record(failure);
    const redact = new UpdateItemCommand({
      TableName: database().tables.errorEvents,
      Key: { error_id: { S: failure.error_id }, timestamp: { N: String(NOW) } },
      UpdateExpression: 'SET redaction = :redacted, #event = :redacted, error_message = :redacted',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: { ':redacted': { S: '[redacted]' } },
    });
    await database().db.send(redact);

    await errors().record(failure);

    expect(await read(failure)).toMatchObject({
      attempts: { N: '2' },
      event: { S: '[redacted]' },
      error_message: { S: '[redacted]' },
    });
  });

  it('may be as large as a failure can get, without a shipment or an event id', async () => {
    const {
      shipment_id: _,
      event_id: __,
      ...bare
    } = aFailure({
      error_id: `logistics-notification-handler-${'x'.repeat(20)}/${'~'.repeat(128)}`,
      timestamp: 0,
      error_message: '\u20ac'.repeat(1_000),
      event: 'x'.repeat(64 * 1_024),
    });

    await errors().record(bare);

    expect((await read(bare))?.['event']?.S).toHaveLength(64 * 1_024);
  });

  it('goes by its ttl, an epoch second', async () => {
    const { TimeToLiveDescription } = await database().db.send(
      new DescribeTimeToLiveCommand({ TableName: database().tables.errorEvents }),
    );
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
  });
});
