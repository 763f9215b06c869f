/** The deployed stack: the effects of the samples, and the write units of its functions. */
import { readFileSync } from 'node:fs';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_FUNCTION_KEYS, functionName } from '../../../contracts/functions';
import { inEnvironment, NAMES } from '../../../contracts/names';
import { type Outcome, runSamples } from '../../../demo/run-samples';
import { until } from '../../../lib/until.mjs';
import { ENVIRONMENT } from '../../../local/deploy';
import { type Snapshot, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { createPublisher, type LogisticsEvent } from '../../../publisher/publisher';
import {
  average,
  PRIMING_UNITS,
  STALLED_UNITS,
  type Outcome as Usage,
  WRITE_UNITS,
  WRITES,
} from '../../../tools/cost/usage';
import { anEnvelope } from '../../support/builders/events';
import { type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import type { Lambda } from '../../support/faults/lambda';
import { countOutcomes, WriteCounter } from '../../support/write-units';

let faults: FaultStack;
let stack: LocalStack;
let outcome: Outcome;

beforeAll(async () => {
  faults = await startFaultStack();
  stack = faults.stack;
  outcome = await runSamples(stack);
}, 240_000);

const currentStatus = ({ shipments }: Snapshot, shipment: string) =>
  shipments.find(({ shipment_id }) => shipment_id === shipment)?.['status'];

describe('the samples, put on the bus of the deployed stack', () => {
  it('have exactly the expected effects', () => {
    expect(outcome.unmet).toEqual([]);
  });

  it('notify a rejected event once, announced over the bus', () => {
    const sample = outcome.sent.find(({ name }) => name === 'invalid/status-updater/unknown-status');
    const { envelopeId = '' } = sample ?? {};
    const error_id = `${inEnvironment(functionName('status-updater'), ENVIRONMENT)}/${envelopeId}`;
    // The notification handler sets this mark, so the announcement went over the bus and its rule.
    expect(outcome.snapshot.errors).toContainEqual(
      expect.objectContaining({
        error_id,
        announced: { rejected: expect.any(String) },
        event_failed_notified_at: expect.any(String),
      }),
    );
    const notified = outcome.snapshot.notifications.processing.filter(({ Message }) => Message.includes(envelopeId));
    expect(notified).toHaveLength(1);
  });

  it('send critical errors to the alert topic', () => {
    const kinds = outcome.snapshot.notifications.alerts.map(({ Message }) => JSON.parse(Message).detail_type);
    expect(kinds.sort()).toEqual(['Critical Error', 'Processing Error']);
  });
});

describe('any AWS SDK', () => {
  it('puts the README’s event on the bus, which then is in the tables', async () => {
    const [, entries = '[]'] = /put-events --entries '(.*?)'\n/s.exec(readFileSync('README.md', 'utf8')) ?? [];

    const answer = await stack.events.send(new PutEventsCommand({ Entries: JSON.parse(entries) }));

    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    await until(async () => currentStatus(await takeSnapshot(stack), 'SHP-7') === 'pending');
  }, 30_000);
});

describe('the publisher', () => {
  it('publishes more events than fit into one call, and again without a second effect', async () => {
    const events = Array.from({ length: 12 }, (_, place): LogisticsEvent => {
      const identity = { event_id: `published-${place}`, occurred_at: '2026-03-08T00:00:00Z' };
      return { detailType: 'Shipment Created', detail: { shipment_id: `SHP-P${place}`, ...identity } };
    });
    const { publish } = createPublisher({ busName: inEnvironment(NAMES.bus, ENVIRONMENT), client: stack.events });

    const ids = [...(await publish(events)), ...(await publish(events))];

    const rows = ({ log }: Snapshot) => log.filter(({ event_id }) => String(event_id).startsWith('published-'));
    const latest = await until(async () => {
      const snapshot = await takeSnapshot(stack);
      // The log is written before the status.
      return rows(snapshot).length >= 12 && currentStatus(snapshot, 'SHP-P11') === 'pending' && snapshot;
    }, 60_000);
    expect(new Set(ids).size).toBe(24);
    expect(rows(latest)).toHaveLength(12);
  }, 90_000);
});

/** Computed by DynamoDB's rules from the requests of the built functions to the embedded AWS. */
describe('the write units of the bill', () => {
  let lambda: Lambda;
  let counter: WriteCounter;
  /** Units of each write while a function starts. */
  const primings = new Map<string, readonly number[]>();

  beforeAll(async () => {
    counter = new WriteCounter(stack.db);
    // The search for stalled shipments begins no report in its last 15 s.
    lambda = await faults.lambda(60_000);
    lambda.watch(counter.observeResponse);
    for (const key of EVENT_FUNCTION_KEYS) {
      await lambda.begin(key);
      primings.set(key, counter.take());
    }
  }, 60_000);

  const sum = (writes: readonly number[]) => writes.reduce((total, units) => total + units, 0);

  const units = (counted: Record<Usage, readonly number[]>) =>
    Object.fromEntries(Object.entries(counted).map(([outcome, writes]) => [outcome, sum(writes)]));

  it('WRITE_UNITS and WRITES match the requests of the functions', async () => {
    const counted = await countOutcomes(lambda, counter);

    expect(units(counted)).toEqual(WRITE_UNITS);
    expect(average(({ becomes }) => counted[becomes].length)).toBe(WRITES);
  }, 60_000);

  it.each(EVENT_FUNCTION_KEYS)('PRIMING_UNITS match a start of the %s, which changes nothing', (key) => {
    // A write that changed something would cost more: each table has an index.
    expect(primings.get(key)).toEqual([1, 1]);
    expect(PRIMING_UNITS).toBe(2);
  });

  it('STALLED_UNITS match the report of a stalled shipment', async () => {
    const time = new Date(Date.now() - 3.5 * 86_400_000).toISOString();
    const detail = { shipment_id: 'SHP-STALLED', status: 'in_transit' };
    const update = { ...anEnvelope({ id: 'stalled-1', time }), detail };
    await lambda.deliver('status-updater', update);
    counter.take();

    await lambda.attempt('stalled-shipments', { ...update, id: 'run-1' }, 0);

    expect(sum(counter.take())).toBe(STALLED_UNITS);
  }, 60_000);

  it('a row of 17 KB costs 17 units in the log and in each index, and the status row is unchanged', async () => {
    const { first, moved, notified, duplicate } = units(await countOutcomes(lambda, counter, 16 * 1_024));

    expect({ first, moved, notified, duplicate }).toEqual({
      first: 3 * 17 + 2,
      moved: 3 * 17 + 3,
      notified: 6 * 17 + 3,
      duplicate: 17 + 1,
    });
  }, 60_000);
});
