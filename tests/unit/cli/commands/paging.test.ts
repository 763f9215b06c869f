/** Lists have no end of their own: every page is read, and shown as it comes where the order allows it. */
import { DynamoDBClient, GetItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { register as errors } from '../../../../cli/commands/errors';
import { register as list } from '../../../../cli/commands/list';
import { register as track } from '../../../../cli/commands/track';
import { OPEN_STATUSES } from '../../../../contracts/statuses';
import { toAttributes } from '../../../../src/adapters/attributes';
import { jsonLines, run } from '../run';

const db = mockClient(DynamoDBClient);

beforeEach(() => db.reset());

const at = (day: number) => Date.UTC(2026, 2, day);
const standing = (id: string, day: number) =>
  toAttributes({ shipment_id: id, status: 'in_transit', timestamp: at(day), event_id: `e-${id}` });
const next = { LastEvaluatedKey: toAttributes({ shipment_id: 'S' }) };

describe('list', () => {
  it('asks for one status, goes on from page to page, and ends at the first that is younger', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(at(6));
    db.on(QueryCommand)
      .resolvesOnce({ Items: [standing('A', 1)], ...next })
      .resolves({ Items: [standing('B', 2), standing('C', 3), standing('D', 4)], ...next });

    const { stdout } = await run(list, 'list', '--status', 'in_transit', '--older-than', '3d', '--json');
    jest.restoreAllMocks();

    expect(jsonLines(stdout).map(({ shipment_id, age }) => [shipment_id, age])).toEqual([
      ['A', '5d'],
      ['B', '4d'],
    ]);
    const asked = db.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.ExclusiveStartKey).toEqual(next.LastEvaluatedKey);
    expect(asked[0]?.IndexName).toBe('status-index');
  });

  it('without a status asks for each that is not closed', async () => {
    db.on(QueryCommand).resolves({ Items: [] });

    const { stderr } = await run(list, 'list');

    const asked = db
      .commandCalls(QueryCommand)
      .map(({ args }) => args[0].input.ExpressionAttributeValues?.[':status']?.S);
    expect(asked).toEqual(OPEN_STATUSES);
    expect(stderr).toBe('no such shipment\n');
  });
});

describe('errors', () => {
  const row = (id: string, last_seen_at: string) => toAttributes({ error_id: id, last_seen_at, error_message: 'why' });

  it('sorts over all pages of the table, the newest last', async () => {
    db.on(ScanCommand)
      .resolvesOnce({ Items: [row('new', '2026-03-03T00:00:00.000Z')], ...next })
      .resolvesOnce({ Items: [row('too old', '2026-02-28T23:59:59.999Z')], ...next })
      .resolves({ Items: [row('old', '2026-03-01T00:00:00.000Z')] });

    const { stdout } = await run(
      errors,
      'errors',
      '--since',
      '2026-03-01T01:00:00+01:00',
      '--type',
      'rejected',
      '--json',
    );

    expect(jsonLines(stdout).map(({ error_id }) => error_id)).toEqual(['old', 'new']);
    expect(db.commandCalls(ScanCommand)[0]?.args[0].input).toMatchObject({
      FilterExpression: 'error_id <> :alerts AND error_type = :type',
      ExpressionAttributeValues: { ':type': { S: 'rejected' } },
    });
  });

  it('shows since a time also what was discarded before any attempt on it was recorded', async () => {
    const discarded = (id: string, discarded_at: string) => toAttributes({ error_id: id, discarded_at });
    db.on(ScanCommand).resolves({
      Items: [discarded('then', '2026-03-02T00:00:00.000Z'), discarded('before', '2026-02-28T00:00:00.000Z')],
    });

    const { stdout } = await run(errors, 'errors', '--since', '2026-03-01T00:00:00Z', '--json');

    expect(jsonLines(stdout).map(({ error_id }) => error_id)).toEqual(['then']);
  });

  it('keeps no more than the newest 10,000 of a long table, and says so', async () => {
    const PAGES = 25;
    let page = 0;
    db.on(ScanCommand).callsFake(() => {
      page += 1;
      const Items = Array.from({ length: 1_000 }, (_, index) => {
        const number = index * PAGES + page;
        return row(String(number), new Date(at(1) + number).toISOString());
      });
      return { Items, ...(page < PAGES && next) };
    });

    const { stdout, stderr } = await run(errors, 'errors', '--json');

    const ids = jsonLines(stdout).map(({ error_id }) => Number(error_id));
    expect(ids).toEqual(Array.from({ length: 10_000 }, (_, index) => 15_001 + index));
    expect(stderr).toContain('the newest 10000 of 25000: --since and --type show fewer');
  });

  it('shows an event that was cut when it was stored as far as it goes', async () => {
    db.on(QueryCommand).resolves({
      Items: [toAttributes({ error_id: 'x', timestamp: 0, ttl: 1_800_000_000, event: '{"a": … [cut' })],
    });

    const { stdout } = await run(errors, 'errors', 'x', '--json');

    expect(jsonLines(stdout)).toEqual([
      { error_id: 'x', kept_until: '2027-01-15T08:00:00.000Z', event: '{"a": … [cut' },
    ]);
  });
});

describe('track', () => {
  it('puts the events of all pages in order', async () => {
    const logged = (id: string, day: number) => ({ ...standing('S', day), event_id: { S: id } });
    db.on(GetItemCommand).resolves({ Item: logged('late', 3) });
    db.on(QueryCommand)
      .resolvesOnce({ Items: [logged('late', 3)], ...next })
      .resolves({ Items: [logged('early', 1)] });

    const [shipment, ...events] = jsonLines((await run(track, 'track', 'S', '--json')).stdout);

    expect(shipment).toMatchObject({ status: 'in_transit', events: 2 });
    expect(events.map(({ event_id }) => event_id)).toEqual(['early', 'late']);
  });

  it('tells of a shipment whose status is not yet set', async () => {
    db.on(GetItemCommand).resolves({});
    db.on(QueryCommand).resolves({ Items: [standing('S', 1)] });

    expect((await run(track, 'track', 'S')).stdout).toMatch(/^status +not yet set: its first event is being handled$/m);
  });

  describe('of a shipment with refused events', () => {
    const errors = { TableName: 'logistics-error-events-dev' };
    const key = (id: string) => toAttributes({ error_id: id, timestamp: 7 });
    const row = (id: string, error_type: string) =>
      db.on(GetItemCommand, { ...errors, Key: key(id) }).resolves({
        Item: toAttributes({ error_id: id, timestamp: 7, error_type, error_message: `why ${id}`, event_id: 'e' }),
      });

    beforeEach(() => {
      db.on(GetItemCommand).resolves({ Item: standing('S', 1) });
      db.on(QueryCommand).resolves({ Items: [standing('S', 1)] });
    });

    it('shows them with class and reason, but no failure that AWS may recover from', async () => {
      db.on(QueryCommand, errors).resolves({ Items: ['newer', 'transient', 'older'].map(key) });
      row('older', 'conflict');
      row('transient', 'transient');
      row('newer', 'rejected');

      const { stdout } = await run(track, 'track', 'S', '--json');
      const [, , ...refused] = jsonLines(stdout);

      expect(refused).toEqual([
        expect.objectContaining({
          status: 'refused',
          error_id: 'older',
          event_id: 'e',
          marks: ['conflict', 'why older'],
        }),
        expect.objectContaining({ status: 'refused', error_id: 'newer', marks: ['rejected', 'why newer'] }),
      ]);
      expect((await run(track, 'track', 'S')).stdout).toMatch(/refused +e +older +conflict, why older$/m);
    });

    it('shows them when no event of the shipment was accepted', async () => {
      db.on(GetItemCommand).resolves({});
      db.on(QueryCommand).resolves({ Items: [] });
      db.on(QueryCommand, errors).resolves({ Items: [key('claimed')] });
      row('claimed', 'conflict');

      const { stdout } = await run(track, 'track', 'S', '--json');

      expect(jsonLines(stdout)).toEqual([
        expect.objectContaining({ status: expect.stringContaining('refused'), events: 0 }),
        expect.objectContaining({ error_id: 'claimed', marks: ['conflict', 'why claimed'] }),
      ]);
    });

    it('says that they are not shown when the table has no index of them yet', async () => {
      const noIndex = Object.assign(new Error('The table does not have the specified index: shipment-index'), {
        name: 'ValidationException',
      });
      db.on(QueryCommand, errors).rejects(noIndex);

      const { stderr, exitCode } = await run(track, 'track', 'S');

      expect(stderr).toContain('refused events are not shown');
      expect(exitCode).toBeUndefined();
    });
  });
});
