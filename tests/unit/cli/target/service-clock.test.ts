/** Commands on a machine whose clock is ten minutes off, with the right time in the answers of AWS. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { STATUSES } from '../../../../contracts/statuses';
import { toAttributes } from '../../../../src/adapters/attributes';
import { temporaryFolder } from '../../../support/after-tests';
import { listening } from '../../../support/listening';
import { run } from '../run';

const MINUTE = 60_000;

const NOW = Date.UTC(2026, 2, 1, 12);

const iso = (minutesAgo: number) => new Date(NOW - minutesAgo * MINUTE).toISOString();

const errorRow = (ago: number) => toAttributes({ error_id: `${ago} minutes ago`, last_seen_at: iso(ago) });

const shipment = (ago: number) =>
  toAttributes({ shipment_id: `${ago} minutes ago`, status: 'failed', timestamp: NOW - ago * MINUTE, event_id: 'e' });

/** Outputs by operation. */
const ANSWERS: Readonly<Record<string, object>> = {
  Scan: { Items: [errorRow(8), errorRow(2)] },
  Query: { Items: [shipment(8), shipment(2)] },
  DescribeArchive: { ArchiveArn: 'arn:archive', EventSourceArn: 'arn:bus' },
  DescribeEventBus: { Arn: 'arn:aws:events:us-east-1:1:bus' },
  StartReplay: { State: 'STARTING' },
  PutEvents: { Entries: [{ EventId: 'id-1' }] },
};

const requests: Record<string, unknown>[] = [];
let endpoint: string;

beforeAll(async () => {
  const server = createServer(async (request, answer) => {
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    requests.push({ operation, ...Object(await json(request)) });
    answer.setHeader('date', new Date(NOW).toUTCString()).end(JSON.stringify(ANSWERS[operation]));
  });
  endpoint = await listening(server);
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
});

beforeEach(() => requests.splice(0));

afterEach(() => jest.restoreAllMocks());

describe.each([
  ['slow', -10],
  ['fast', 10],
])('with a clock ten minutes %s', (_, minutes) => {
  const type = (line: string, ...words: string[]) => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW + minutes * MINUTE);
    return run(line, ...words, '--json', '--endpoint', endpoint);
  };

  it('errors --since counts from the time of AWS', async () => {
    const { rows } = await type('errors --since 5m');

    expect(rows.map(({ error_id }) => error_id)).toEqual(['2 minutes ago']);
  });

  it('list --older-than and the ages count from the time of AWS', async () => {
    const { rows } = await type('list --status failed --older-than 5m');

    expect(rows).toEqual([expect.objectContaining({ shipment_id: '8 minutes ago', age: '8m' })]);
  });

  it('republish --since counts from the time of AWS for each status', async () => {
    await type('republish --since 5m --dry-run');

    const since = requests
      .filter(({ operation }) => operation === 'Query')
      .map(({ ExpressionAttributeValues }) => (ExpressionAttributeValues as Record<string, object>)[':since']);
    expect(since).toEqual(STATUSES.map(() => ({ N: String(NOW - 5 * MINUTE) })));
  });

  it('replay ends at the time of AWS', async () => {
    await type(`replay --from ${iso(60)}`);

    expect(requests.find(({ operation }) => operation === 'StartReplay')).toMatchObject({ EventEndTime: NOW / 1_000 });
  });

  it('send accepts an event ten minutes in the future, and refuses one twenty minutes in the future', async () => {
    const sendAhead = (minutes: number) => {
      const file = `${temporaryFolder('clock')}/event.json`;
      const detail = { shipment_id: 'S', status: 'failed', event_id: 'e', occurred_at: iso(-minutes) };
      const event = { source: 'logistics.shipment', 'detail-type': 'Shipment Status Updated', detail };
      writeFileSync(file, JSON.stringify(event));
      return type('send', file);
    };

    expect((await sendAhead(10)).exitCode).toBeUndefined();
    expect((await sendAhead(20)).stderr).toContain('is more than 15 minutes in the future');
  });
});
