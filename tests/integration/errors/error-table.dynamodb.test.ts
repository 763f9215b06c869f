import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ALERTS_A_MINUTE } from '../../../contracts/notifications';
import { alertMinute } from '../../../src/adapters/alert-minute';
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

const read = ({ error_id, timestamp }: Failure) =>
  database().row('errorEvents', { error_id: { S: error_id }, timestamp: { N: String(timestamp) } });

describe('the row of a failing event', () => {
  it('counts its attempts, and stores when it was first seen and the latest error', async () => {
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

  it('counts every attempt of many at once', async () => {
    const failure = aFailure({ error_id: 'logistics-status-updater-dev/at-once' });

    const rows = await Promise.all(Array.from({ length: 20 }, () => errors().record(failure)));

    expect(rows.map(({ attempts }) => attempts).sort((a, b) => a - b)).toEqual(rows.map((_, index) => index + 1));
  });

  it('stores when each kind of announcement was first made', async () => {
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

  it('stays redacted when the event fails again', async () => {
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
});

describe('a minute of alerts', () => {
  let minutes = 0;
  /** Start of a minute that no other test uses. */
  const nextMinute = () => Date.UTC(2026, 2, 2, 9, minutes++);

  const alert = (id: string, firstSeenAt: number, error_type = 'carrier_feed_down') =>
    alertMinute(
      database().db,
      database().tables.errorEvents,
      { error_id: `external/${id}`, error_type, firstSeenAt },
      UNLIMITED,
    );

  const range = (size: number) => Array.from({ length: size }, (_, index) => index);

  /** Number of simultaneous events that are admitted; `typeOf` gives each its type by its index. */
  async function admitted(count: number, at: number, typeOf: (index: number) => string): Promise<number> {
    const places = await Promise.all(
      range(count).map((index) => alert(`e-${index}`, at + index, typeOf(index)).admit()),
    );
    return places.filter(Boolean).length;
  }

  it('admits a limited number of events of one type', async () => {
    const at = nextMinute();
    expect(await admitted(25, at, () => 'one')).toBe(ALERTS_A_MINUTE.ofOneType);
    expect(await alert('other', at + 59_999, 'another').admit()).toBe(true);
    expect(await alert('next', at + 60_000, 'one').admit()).toBe(true);
    minutes += 1;
  });

  it('admits a limited number of events in all, whatever their types', async () => {
    expect(await admitted(60, nextMinute(), (index) => `type ${index} ${'é'.repeat(400)}`)).toBe(ALERTS_A_MINUTE.inAll);
  });

  it('lets one of the suppressed events summarize them all', async () => {
    const at = nextMinute();
    await admitted(10, at, () => 'one');

    const suppressed = await Promise.all(range(20).map((index) => alert(`s-${index}`, at).suppress()));
    const summarizes = suppressed.map((answer) => answer.summarizes);
    expect(summarizes.filter(Boolean)).toHaveLength(1);
    const summarizer = summarizes.indexOf(true);
    const counts = await Promise.all(range(20).map((index) => alert(`s-${index}`, at).takeSummary()));

    expect(counts.filter((count) => count !== undefined)).toEqual([20]);
    expect(counts[summarizer]).toBe(20);
  });

  it('counts the same events in each attempt at a summary, and later ones in the next summary', async () => {
    const at = nextMinute();
    await admitted(10, at, () => 'one');
    for (const id of ['a', 'b']) await alert(id, at).suppress();

    const counts = [await alert('a', at).takeSummary()];
    expect(await alert('c', at).suppress()).toEqual({ summarizes: true, summaries: 1 });
    counts.push(await alert('a', at).takeSummary(), await alert('c', at).takeSummary());

    expect(counts).toEqual([2, 2, 1]);
  });

  it('without suppressed events has no summary', async () => {
    expect(await alert('lonely', nextMinute()).takeSummary()).toBeUndefined();
  });
});
