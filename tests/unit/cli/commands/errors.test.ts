/** The error table has no index by time, so `errors` reads every page and keeps the newest rows, or the largest groups. */
import { toAttributes } from '../../../../src/adapters/attributes';
import type { JsonObject } from '../../../../src/domain/json';
import { nested } from '../../../support/fuzz/json-text';
import { answers, inputsOf, inTurn } from '../mocked-aws';
import { run } from '../run';

const UPDATER = 'logistics-status-updater-dev';

/** Has the table hold these pages of rows. */
function pagesOfRows(...pages: JsonObject[][]): void {
  const LastEvaluatedKey = toAttributes({ error_id: 'x' });
  const outputs = pages.map((rows) => ({ Items: rows.map(toAttributes), LastEvaluatedKey }));
  answers['Scan'] = inTurn(...outputs.slice(0, -1), { Items: outputs.at(-1)?.Items });
}

const seen = (error_id: string, last_seen_at: string) => ({ error_id, last_seen_at, error_message: 'why' });
const discarded = (error_id: string, discarded_at: string) => ({ error_id, discarded_at });

it('sorts rows of all pages by the time last seen or else discarded, the newest last', async () => {
  pagesOfRows(
    [seen('new', '2026-03-03T00:00:00.000Z'), discarded('too early', '2026-02-28T00:00:00.000Z')],
    [seen('too old', '2026-02-28T23:59:59.999Z')],
    [seen('old', '2026-03-01T00:00:00.000Z'), discarded('between', '2026-03-02T00:00:00.000Z')],
  );

  const { rows } = await run('errors --since 2026-03-01T01:00:00+01:00 --type rejected --json');

  expect(rows.map(({ error_id }) => error_id)).toEqual(['old', 'between', 'new']);
  expect(inputsOf('Scan')[0]).toMatchObject({
    FilterExpression: 'error_id <> :alerts AND error_type = :type',
    ExpressionAttributeValues: { ':type': { S: 'rejected' } },
  });
});

it('shows the newest 10,000 rows of a longer table, and how many there are', async () => {
  const PAGES = 21;
  const timeOf = (number: number) => new Date(Date.UTC(2026, 2, 1) + number).toISOString();
  const page = (first: number) =>
    Array.from({ length: 1_000 }, (_, index) => seen(String(index * PAGES + first), timeOf(index * PAGES + first)));
  pagesOfRows(...Array.from({ length: PAGES }, (_, place) => page(place + 1)));

  const { rows, stderr } = await run('errors --json');

  const ids = rows.map(({ error_id }) => Number(error_id));
  expect(ids).toEqual(Array.from({ length: 10_000 }, (_, index) => 11_001 + index));
  expect(stderr).toContain('the newest 10000 of 21000: --since and --type show fewer');
});

it.each([
  ['cut when it was stored', '{"a": … [cut', '{"a": … [cut'],
  ['nested too deeply to be written as JSON', nested(190_000), nested(190_000)],
  ['with a __proto__ key', '{"__proto__":{"x":1}}', JSON.parse('{"__proto__":{"x":1}}')],
])('shows an event %s', async (_, event, shown) => {
  const row = { error_id: 'x', timestamp: 0, ttl: 1_800_000_000, event };
  answers['Query'] = { Items: [toAttributes(row)] };

  const { rows } = await run('errors x --json');

  expect(rows).toEqual([{ error_id: 'x', kept_until: '2027-01-15T08:00:00.000Z', event: shown }]);
});

describe('--group', () => {
  const failure = (n: number, error_message: string, more: JsonObject = {}) => ({
    error_id: `${UPDATER}/e-${n}`,
    function_name: UPDATER,
    error_type: 'transient',
    error_message,
    last_seen_at: `2026-03-0${n}T00:00:00.000Z`,
    ...more,
  });

  it('counts failures by cause, the largest group first, with its times and its latest example', async () => {
    pagesOfRows([
      failure(2, 'the topic is gone'),
      failure(1, 'the table is throttled (1)'),
      failure(4, 'the table is throttled (4)', { first_seen_at: '2026-02-01T00:00:00.000Z' }),
      failure(6, 'the table is throttled (6)', { discarded_at: '2026-03-07T00:00:00.000Z' }),
      failure(5, 'the table is throttled (5)'),
    ]);

    const { rows, stderr } = await run('errors --group --since 2026-03-02T00:00:00Z --json');

    expect(rows).toEqual([
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

  it('shows 1,000 of 2,000 causes, and how many failures it leaves out', async () => {
    const word = (n: number) => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    pagesOfRows(Array.from({ length: 2_000 }, (_, n) => failure(1, `cause ${word(n)}`)));

    const { rows, stderr } = await run('errors --group --json');

    expect(rows).toHaveLength(1_000);
    expect(stderr).toContain('1000 more, of causes beyond 1000');
  });
});
