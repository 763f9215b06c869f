/** The error table has no index by time: every page is read, and the newest rows or the largest groups are kept. */
import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { register } from '../../../../cli/commands/errors';
import { toAttributes } from '../../../../src/adapters/attributes';
import type { JsonObject } from '../../../../src/domain/json';
import { db } from '../mocked-aws';
import { jsonLines, run } from '../run';

const UPDATER = 'logistics-status-updater-dev';

/** Has the table hold these pages of rows. */
function scanned(...pages: JsonObject[][]): void {
  let place = 0;
  db.on(ScanCommand).callsFake(() => {
    const Items = (pages[place] ?? []).map(toAttributes);
    place += 1;
    return { Items, ...(place < pages.length && { LastEvaluatedKey: toAttributes({ error_id: 'x' }) }) };
  });
}

const seen = (error_id: string, last_seen_at: string) => ({ error_id, last_seen_at, error_message: 'why' });
const discarded = (error_id: string, discarded_at: string) => ({ error_id, discarded_at });

it('are sorted over all pages, the newest last, by when they were seen or else discarded', async () => {
  scanned(
    [seen('new', '2026-03-03T00:00:00.000Z'), discarded('too early', '2026-02-28T00:00:00.000Z')],
    [seen('too old', '2026-02-28T23:59:59.999Z')],
    [seen('old', '2026-03-01T00:00:00.000Z'), discarded('between', '2026-03-02T00:00:00.000Z')],
  );

  const { stdout } = await run(
    register,
    ...['errors', '--since', '2026-03-01T01:00:00+01:00', '--type', 'rejected', '--json'],
  );

  expect(jsonLines(stdout).map(({ error_id }) => error_id)).toEqual(['old', 'between', 'new']);
  expect(db.commandCalls(ScanCommand)[0]?.args[0].input).toMatchObject({
    FilterExpression: 'error_id <> :alerts AND error_type = :type',
    ExpressionAttributeValues: { ':type': { S: 'rejected' } },
  });
});

it('are the newest 10,000 of a long table, which says so', async () => {
  const PAGES = 25;
  const timeOf = (number: number) => new Date(Date.UTC(2026, 2, 1) + number).toISOString();
  const page = (first: number) =>
    Array.from({ length: 1_000 }, (_, index) => seen(String(index * PAGES + first), timeOf(index * PAGES + first)));
  scanned(...Array.from({ length: PAGES }, (_, place) => page(place + 1)));

  const { stdout, stderr } = await run(register, 'errors', '--json');

  const ids = jsonLines(stdout).map(({ error_id }) => Number(error_id));
  expect(ids).toEqual(Array.from({ length: 10_000 }, (_, index) => 15_001 + index));
  expect(stderr).toContain('the newest 10000 of 25000: --since and --type show fewer');
});

it('show an event that was cut when it was stored as far as it goes', async () => {
  const row = { error_id: 'x', timestamp: 0, ttl: 1_800_000_000, event: '{"a": … [cut' };
  db.on(QueryCommand).resolves({ Items: [toAttributes(row)] });

  const { stdout } = await run(register, 'errors', 'x', '--json');

  expect(jsonLines(stdout)).toEqual([{ error_id: 'x', kept_until: '2027-01-15T08:00:00.000Z', event: '{"a": … [cut' }]);
});

describe('by their cause', () => {
  const failure = (n: number, error_message: string, more: JsonObject = {}) => ({
    error_id: `${UPDATER}/e-${n}`,
    function_name: UPDATER,
    error_type: 'transient',
    error_message,
    last_seen_at: `2026-03-0${n}T00:00:00.000Z`,
    ...more,
  });

  it('are counted, the largest group first, with when and the latest example', async () => {
    scanned([
      failure(2, 'the topic is gone'),
      failure(1, 'the table is throttled (1)'),
      failure(4, 'the table is throttled (4)', { first_seen_at: '2026-02-01T00:00:00.000Z' }),
      failure(6, 'the table is throttled (6)', { discarded_at: '2026-03-07T00:00:00.000Z' }),
      failure(5, 'the table is throttled (5)'),
    ]);

    const { stdout, stderr } = await run(
      register,
      ...['errors', '--group', '--since', '2026-03-02T00:00:00Z', '--json'],
    );

    expect(jsonLines(stdout)).toEqual([
      {
        group: expect.stringMatching(/^[\da-f]{12}$/),
        failures: 3,
        discarded: 1,
        error_type: 'transient',
        function_name: UPDATER,
        first_seen_at: '2026-02-01T00:00:00.000Z',
        last_seen_at: '2026-03-06T00:00:00.000Z',
        error_id: `${UPDATER}/e-6`,
        shape: 'the table is throttled (…)',
      },
      expect.objectContaining({ failures: 1, shape: 'the topic is gone' }),
    ]);
    expect(stderr).toContain('redrive --group {group} --dry-run');
  });

  it('are a thousand groups of ten thousand causes, and it says how many are left out', async () => {
    const word = (n: number) => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    scanned(Array.from({ length: 10_000 }, (_, n) => failure(1, `cause ${word(n)}`)));

    const { stdout, stderr } = await run(register, 'errors', '--group', '--json');

    expect(jsonLines(stdout)).toHaveLength(1_000);
    expect(stderr).toContain('9000 more, of causes beyond 1000');
  });
});
