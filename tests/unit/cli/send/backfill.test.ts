import { writeFileSync } from 'node:fs';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { checkedEvent } from '../../../../cli/send/checked-event';
import { reconcile } from '../../../../cli/send/reconcile';
import { targetOf } from '../../../../cli/target/target';
import { toAttributes } from '../../../../src/adapters/attributes';
import type { JsonObject } from '../../../../src/domain/json';
import { temporaryFolder } from '../../../support/after-tests';
import { type Answers, answers, inputsOf } from '../mocked-aws';
import { run } from '../run';

const LOG = 'logistics-shipment-events-dev';

/** Rows of the log by event id. */
let log: Map<string, Record<string, AttributeValue>>;

beforeEach(() => {
  log = new Map();
  Object.assign(answers, {
    DescribeEventBus: { Arn: 'arn:aws:events:us-east-1:123456789012:event-bus/b' },
    PutEvents: ({ Entries }) => ({ Entries: Entries.map(() => ({ EventId: 'e' })) }),
    BatchGetItem: ({ RequestItems }) => ({
      Responses: {
        [LOG]: RequestItems[LOG].Keys.flatMap(({ event_id }: { event_id: { S: string } }) => log.get(event_id.S) ?? []),
      },
    }),
  } satisfies Answers);
});

const eventOf = (id: number, detail: JsonObject = {}) => ({
  source: 'logistics.shipment',
  'detail-type': 'Shipment Status Updated',
  detail: {
    shipment_id: `SHP-${id}`,
    status: 'delivered',
    event_id: `old-${id}`,
    occurred_at: '2024-03-02T08:00:00Z',
    ...detail,
  },
});

const some = (count: number) => Array.from({ length: count }, (_, id) => eventOf(id));

function fileOf(...events: readonly object[]): string {
  const file = `${temporaryFolder('backfill')}/old.ndjson`;
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return file;
}

const sent = () =>
  inputsOf('PutEvents').flatMap(({ Entries }) => Entries.map(({ Detail }: { Detail: string }) => JSON.parse(Detail)));

/** Puts a row of an event into the log. */
function putRow(id: number, payload_hash: string, processed_at: string): void {
  const timestamp = Date.UTC(2024, 2, 2, 8);
  log.set(
    `old-${id}`,
    toAttributes({ event_id: `old-${id}`, timestamp, payload_hash, process_result: { processed_at } }),
  );
}

describe('send --backfill', () => {
  it('sets notify: false on each event, whatever its file has', async () => {
    await run('send --dry-run --backfill', fileOf(eventOf(1)));
    expect(sent()).toEqual([]);

    answers['PutEvents'] = new Error('enough');
    await run('send --backfill', fileOf(eventOf(1), eventOf(2, { notify: true }))).catch(() => undefined);

    expect(sent().map(({ notify }) => notify)).toEqual([false, false]);
  });

  it.each([
    ['an event without an identity', eventOf(1, { event_id: null }), 'detail.event_id is missing: a backfill'],
    [
      'an error event',
      { source: 'logistics.error', 'detail-type': 'Processing Error', detail: { error_type: 't', error_message: 'm' } },
      'only shipment events can be sent with --backfill',
    ],
  ])('refuses %s', async (_, event, problem) => {
    const { stderr, exitCode } = await run('send --backfill', fileOf(event));

    expect(stderr).toContain(problem);
    expect([sent(), exitCode]).toEqual([[], 1]);
  });

  it('keeps to its rate, and starts at the line of --resume', async () => {
    for (const id of Array(40).keys()) putRow(id, '2:another', '2026-01-01T00:00:00Z');
    const file = fileOf(...some(40));
    const began = performance.now();

    const { rows } = await run('send --backfill --rate 200 --resume 11 --json', file);

    // 30 events in three calls: the third begins after 20 of them, 100 ms.
    expect(performance.now() - began).toBeGreaterThanOrEqual(98);
    expect(sent()).toHaveLength(30);
    expect(rows.at(-1)).toEqual({ accepted: 0, on_record_before: 0, conflicts: 40, not_on_record: 0 });
  });
});

it('reconciles by counting accepted events, earlier ones, conflicts and missing ones, 100 rows a call', async () => {
  const [began, later] = [Date.UTC(2026, 0, 1), '2026-01-01T00:00:01Z'];
  const checking = { busName: 'logistics-events-dev', byContract: true, quietly: true, now: Date.now };
  const located = some(250).map((event, line) => ({ ...checkedEvent(event, checking), line, at: '' }));
  const put = (id: number, processed_at = later) => putRow(id, located[id]?.recorded?.payload_hash ?? '', processed_at);
  for (const id of located.keys()) put(id, id < 3 ? '2025-12-31T23:59:59Z' : later);
  putRow(7, '2:another', later);
  for (const id of [9, 11]) log.delete(`old-${id}`);
  async function* events() {
    yield* located;
  }
  let waits = 0;
  const wait = async () => {
    waits += 1;
    // Still being processed until then.
    if (waits === 2) put(11);
  };
  const total = { accepted: 0, on_record_before: 0, conflicts: 0, not_on_record: 0 };

  await reconcile(events(), began, targetOf({ env: 'dev', region: 'us-east-1' }), total, wait);

  expect(total).toEqual({ accepted: 245, on_record_before: 3, conflicts: 1, not_on_record: 1 });
  expect(waits).toBe(60);
  const keys = inputsOf('BatchGetItem').map(({ RequestItems }) => RequestItems[LOG].Keys.length);
  expect([keys[0], keys.at(-1)]).toEqual([100, 50]);
});
