/** The deployed stack, called by the AWS SDK, and the write units of its functions. */
import { readFileSync } from 'node:fs';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mean } from '../../../bench/statistics';
import { countOutcomes, unitsOf } from '../../../bench/write-units/count';
import { type CountedFunctions, startCountedFunctions } from '../../../bench/write-units/functions';
import { EVENT_FUNCTION_KEYS } from '../../../contracts/functions';
import { until } from '../../../lib/until.mjs';
import { takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { PRIMING_UNITS, SHIPMENT, STALLED_UNITS, WRITE_UNITS, WRITES } from '../../../tools/cost/usage';
import { stopAfterTests } from '../../support/after-tests';
import { anUpdate } from '../../support/builders/events';
import { startStack } from '../../support/stack';

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

it('any AWS SDK puts the README’s event on the bus, which then is in the tables', async () => {
  const [, entries = '[]'] = /put-events --entries '(.*?)'\n/s.exec(readFileSync('README.md', 'utf8')) ?? [];

  const answer = await stack.events.send(new PutEventsCommand({ Entries: JSON.parse(entries) }));

  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  await until(async () => (await takeSnapshot(stack)).shipments.some(({ shipment_id }) => shipment_id === 'SHP-7'));
}, 30_000);

/** Computed by DynamoDB's rules from the requests of the built functions to the embedded AWS. */
describe('the write units of the bill', () => {
  let functions: CountedFunctions;

  beforeAll(async () => {
    functions = await startCountedFunctions(stack, process.execPath, stopAfterTests);
  }, 60_000);

  it('WRITE_UNITS and WRITES match the requests of the functions', async () => {
    const counted = await countOutcomes(functions);

    const units = Object.entries(counted).map(([outcome, writes]) => [outcome, unitsOf(writes)]);
    expect(Object.fromEntries(units)).toEqual(WRITE_UNITS);
    expect(mean(SHIPMENT.map(({ becomes }) => counted[becomes].length))).toBe(WRITES);
  }, 60_000);

  it.each(EVENT_FUNCTION_KEYS)('PRIMING_UNITS match a start of the %s, which changes nothing', (key) => {
    const writes = functions.primings.get(key) ?? [];

    expect(unitsOf(writes)).toBe(PRIMING_UNITS);
    expect(writes.map(({ indexes }) => indexes)).toEqual([0, 0]);
  });

  it('STALLED_UNITS match the report of a stalled shipment', async () => {
    const occurred_at = new Date(Date.now() - 1.5 * 86_400_000).toISOString();
    const update = { id: 'stalled-1', ...anUpdate({ shipment_id: 'SHP-STALLED', status: 'in_transit', occurred_at }) };
    await functions.deliver('status-updater', update);

    const writes = await functions.deliver('stalled-shipments', { ...update, id: 'run-1' });

    expect(unitsOf(writes)).toBe(STALLED_UNITS);
  }, 60_000);
});
