/**
 * Commands on a machine whose clock is three minutes off, with the right time in the answers of AWS: less than the skew for which AWS refuses
 * a signature.
 */
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

/** Rows of both tables, as of seven and of three minutes ago. */
const Items = [7, 3].map((ago) => {
  const id = `${ago} minutes ago`;
  const [timestamp, last_seen_at] = [NOW - ago * MINUTE, iso(ago)];
  return toAttributes({ error_id: id, last_seen_at, shipment_id: id, status: 'failed', timestamp, event_id: 'e' });
});

/** Outputs by operation. */
const ANSWERS: Readonly<Record<string, object>> = {
  Scan: { Items },
  Query: { Items },
  DescribeArchive: { ArchiveArn: 'arn:archive', EventSourceArn: 'arn:bus' },
  DescribeEventBus: { Arn: 'arn:aws:events:us-east-1:1:bus' },
  StartReplay: { State: 'STARTING' },
  PutEvents: { Entries: [{ EventId: 'id-1' }] },
};

// biome-ignore lint/suspicious/noExplicitAny: inputs of all operations
const requests: { readonly operation: string; readonly input: any }[] = [];
let endpoint: string;

beforeAll(async () => {
  const server = createServer(async (request, answer) => {
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    requests.push({ operation, input: await json(request) });
    answer.setHeader('date', new Date(NOW).toUTCString()).end(JSON.stringify(ANSWERS[operation]));
  });
  endpoint = await listening(server);
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
});

beforeEach(() => requests.splice(0));

afterEach(() => jest.restoreAllMocks());

describe.each([
  ['slow', -3],
  ['fast', 3],
])('with a clock three minutes %s', (_, minutes) => {
  const type = (line: string, ...words: string[]) => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW + minutes * MINUTE);
    return run(line, ...words, '--json', '--endpoint', endpoint);
  };
  const inputsOf = (called: string) =>
    requests.filter(({ operation }) => operation === called).map(({ input }) => input);

  it.each([
    ['errors --since 5m', { error_id: '3 minutes ago' }],
    ['list --status failed --older-than 5m', { shipment_id: '7 minutes ago', age: '7m' }],
  ])('%s counts from the time of AWS', async (line, row) => {
    expect((await type(line)).rows).toEqual([expect.objectContaining(row)]);
  });

  it('republish --since counts from the time of AWS for each status, and replay ends at it', async () => {
    await type('republish --since 5m --dry-run');
    await type(`replay --from ${iso(60)}`);

    expect(inputsOf('Query').map(({ ExpressionAttributeValues }) => ExpressionAttributeValues[':since'])).toEqual(
      STATUSES.map(() => ({ N: String(NOW - 5 * MINUTE) })),
    );
    expect(inputsOf('StartReplay')).toMatchObject([{ EventEndTime: NOW / 1_000 }]);
  });

  it('send accepts an event up to 15 minutes in the future by the time of AWS', async () => {
    const file = `${temporaryFolder('clock')}/event.json`;
    const detail = { shipment_id: 'S', status: 'failed', event_id: 'e', occurred_at: iso(-14) };
    const event = { source: 'logistics.shipment', 'detail-type': 'Shipment Status Updated', detail };
    writeFileSync(file, JSON.stringify(event));

    expect((await type('send', file)).exitCode).toBeUndefined();
  });
});
