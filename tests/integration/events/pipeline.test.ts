/** The deployed stack, called by the AWS SDK, and the write units of its functions. */
import { readFileSync } from 'node:fs';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_FUNCTION_KEYS } from '../../../contracts/functions';
import { until } from '../../../lib/until.mjs';
import { takeSnapshot } from '../../../local/snapshot';
import { average, type Outcome, PRIMING_UNITS, STALLED_UNITS, WRITE_UNITS, WRITES } from '../../../tools/cost/usage';
import { anUpdate } from '../../support/builders/events';
import { type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import type { Lambda } from '../../support/faults/lambda';
import { countOutcomes, WriteCounter } from '../../support/write-units';

let faults: FaultStack;

beforeAll(async () => {
  faults = await startFaultStack();
}, 120_000);

it('any AWS SDK puts the README’s event on the bus, which then is in the tables', async () => {
  const [, entries = '[]'] = /put-events --entries '(.*?)'\n/s.exec(readFileSync('README.md', 'utf8')) ?? [];

  const answer = await faults.stack.events.send(new PutEventsCommand({ Entries: JSON.parse(entries) }));

  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  await until(async () =>
    (await takeSnapshot(faults.stack)).shipments.some(({ shipment_id }) => shipment_id === 'SHP-7'),
  );
}, 30_000);

/** Computed by DynamoDB's rules from the requests of the built functions to the embedded AWS. */
describe('the write units of the bill', () => {
  let lambda: Lambda;
  let counter: WriteCounter;
  /** Units of each write while a function starts. */
  const primings = new Map<string, readonly number[]>();

  beforeAll(async () => {
    counter = new WriteCounter(faults.stack.db);
    // The search for stalled shipments begins no report in its last 15 s.
    lambda = await faults.lambda(60_000);
    lambda.watch(counter.observeResponse);
    for (const key of EVENT_FUNCTION_KEYS) {
      await lambda.begin(key);
      primings.set(key, counter.take());
    }
  }, 60_000);

  const sum = (writes: readonly number[]) => writes.reduce((total, units) => total + units, 0);

  const units = (counted: Record<Outcome, readonly number[]>) =>
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
    const occurred_at = new Date(Date.now() - 1.5 * 86_400_000).toISOString();
    const update = { id: 'stalled-1', ...anUpdate({ shipment_id: 'SHP-STALLED', status: 'in_transit', occurred_at }) };
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
