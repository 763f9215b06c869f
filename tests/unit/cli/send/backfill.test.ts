import { writeFileSync } from 'node:fs';
import { type AttributeValue, BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { register } from '../../../../cli/commands/send';
import { eventsOf, Problems } from '../../../../cli/send/events';
import { type Reconciliation, reconcile } from '../../../../cli/send/reconcile';
import { targetOf } from '../../../../cli/target/target';
import { temporaryFolder } from '../../../support/after-tests';
import { jsonLines, run } from '../run';

const bus = mockClient(EventBridgeClient);
const db = mockClient(DynamoDBClient);

const LOG = 'logistics-shipment-events-dev';

/** Rows of the log by event id. */
let log: Map<string, Record<string, AttributeValue>>;

beforeEach(() => {
  for (const client of [bus, db]) client.reset();
  log = new Map();
  bus.on(DescribeEventBusCommand).resolves({ Arn: 'arn:aws:events:us-east-1:123456789012:event-bus/b' });
  bus.on(PutEventsCommand).callsFake(({ Entries = [] }) => ({
    FailedEntryCount: 0,
    Entries: Entries.map(() => ({ EventId: 'e' })),
  }));
  db.on(BatchGetItemCommand).callsFake(({ RequestItems }) => ({
    Responses: {
      [LOG]: RequestItems[LOG].Keys.flatMap(({ event_id }: { event_id: { S: string } }) => log.get(event_id.S) ?? []),
    },
  }));
});

const eventOf = (id: number, detail: object = {}) => ({
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

function fileOf(...events: readonly object[]): string {
  const file = `${temporaryFolder('backfill')}/old.ndjson`;
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return file;
}

const some = (count: number) => Array.from({ length: count }, (_, id) => eventOf(id));

const sent = () =>
  bus
    .commandCalls(PutEventsCommand)
    .flatMap(({ args: [{ input }] }) => (input.Entries ?? []).map(({ Detail = '' }) => JSON.parse(Detail)));

const checking = { busName: 'logistics-events-dev', byContract: true, quietly: true, now: Date.now };

/** What its function would record of each event. */
async function recordedOf(file: string) {
  const print = { target: () => undefined, note: () => undefined, rows: () => undefined, result: () => undefined };
  const input = {
    name: file,
    open: () =>
      (async function* () {
        yield (await import('node:fs')).readFileSync(file);
      })(),
  };
  return { print, events: () => eventsOf(input, checking, new Problems(print)) };
}

/** Has the log hold an event, as processed then. */
function onRecord(id: number, payload_hash: string, processed_at: string) {
  log.set(`old-${id}`, {
    event_id: { S: `old-${id}` },
    timestamp: { N: String(Date.UTC(2024, 2, 2, 8)) },
    payload_hash: { S: payload_hash },
    process_result: { M: { processed_at: { S: processed_at } } },
  });
}

describe('send --backfill', () => {
  it('gives each event notify: false, whatever it said', async () => {
    await run(register, 'send', '--dry-run', '--backfill', fileOf(eventOf(1)));
    expect(sent()).toEqual([]);

    bus.on(PutEventsCommand).rejects(new Error('enough'));
    await run(register, 'send', '--backfill', fileOf(eventOf(1), eventOf(2, { notify: true }))).catch(() => undefined);

    expect(sent().map(({ notify }) => notify)).toEqual([false, false]);
  });

  it.each([
    ['an event without an identity', eventOf(1, { event_id: undefined }), 'detail.event_id is missing: a backfill'],
    [
      'an error event',
      { source: 'logistics.error', 'detail-type': 'Processing Error', detail: { error_type: 't', error_message: 'm' } },
      'only shipment events can be sent with --backfill',
    ],
  ])('refuses %s', async (_, event, problem) => {
    const { stderr, exitCode } = await run(register, 'send', '--backfill', fileOf(event));

    expect(stderr).toContain(problem);
    expect([sent(), exitCode]).toEqual([[], 1]);
  });

  it('keeps to its rate, and goes on from a line', async () => {
    for (const id of Array(40).keys()) onRecord(id, '2:another', '2026-01-01T00:00:00Z');
    const file = fileOf(...some(40));
    const began = performance.now();

    const { stdout } = await run(register, 'send', '--backfill', '--rate', '50', '--resume', '11', '--json', file);

    // 30 events in three calls: the third begins after 20 of them, 400 ms.
    expect(performance.now() - began).toBeGreaterThanOrEqual(395);
    expect(sent()).toHaveLength(30);
    expect(jsonLines(stdout).at(-1)).toEqual({ accepted: 0, on_record_before: 0, conflicts: 40, not_on_record: 0 });
  });

  it.each([
    [['--backfill', '-'], '--backfill checks files'],
    [['--backfill', '--no-check', 'FILE'], '--backfill checks files'],
    [['--resume', '3', 'FILE'], '--resume is for a --backfill of one file'],
  ])('refuses %j', async (args, problem) => {
    const file = fileOf(eventOf(1));
    await expect(run(register, 'send', ...args.map((arg) => (arg === 'FILE' ? file : arg)))).rejects.toThrow(problem);
  });
});

describe('the reconciliation', () => {
  const BEGAN = Date.UTC(2026, 0, 1);

  it('counts accepted events, earlier ones, conflicts and missing ones, and reads the log a hundred at a time', async () => {
    const { events } = await recordedOf(fileOf(...some(250)));
    for await (const { recorded } of events()) {
      const id = Number(recorded?.event_id.slice(4));
      const hash = id === 7 ? '2:another' : (recorded?.payload_hash ?? '');
      if (id !== 9) onRecord(id, hash, id < 3 ? '2025-12-31T23:59:59Z' : '2026-01-01T00:00:01Z');
    }
    const total: Reconciliation = { accepted: 0, on_record_before: 0, conflicts: 0, not_on_record: 0 };
    let waits = 0;

    await reconcile(events(), BEGAN, targetOf({ env: 'dev', region: 'us-east-1' }), total, async () => {
      waits += 1;
    });

    expect(total).toEqual({ accepted: 245, on_record_before: 3, conflicts: 1, not_on_record: 1 });
    expect(waits).toBe(60);
    const keys = db
      .commandCalls(BatchGetItemCommand)
      .map(({ args: [{ input }] }) => input.RequestItems?.[LOG]?.Keys?.length);
    expect([keys[0], keys.at(-1), keys.filter((each) => each === 1).length]).toEqual([100, 50, 60]);
  });

  it('waits for what is still under way', async () => {
    const { events } = await recordedOf(fileOf(eventOf(1)));
    const total: Reconciliation = { accepted: 0, on_record_before: 0, conflicts: 0, not_on_record: 0 };

    await reconcile(events(), BEGAN, targetOf({ env: 'dev', region: 'us-east-1' }), total, async () => {
      for await (const { recorded } of events()) onRecord(1, recorded?.payload_hash ?? '', '2026-01-01T00:00:01Z');
    });

    expect(total).toEqual({ accepted: 1, on_record_before: 0, conflicts: 0, not_on_record: 0 });
  });
});
