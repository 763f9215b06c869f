/** The write units of the bill, counted from the requests that the built functions make of the embedded AWS, by DynamoDB's rules. */

import { mean } from '../../../bench/statistics';
import { countOutcomes, unitsOf } from '../../../bench/write-units/count';
import { type CountedFunctions, startCountedFunctions } from '../../../bench/write-units/functions';
import type { Units } from '../../../bench/write-units/rules';
import { EVENT_FUNCTION_KEYS } from '../../../contracts/functions';
import { type Outcome, PRIMING_UNITS, SHIPMENT, STALLED_UNITS, WRITE_UNITS, WRITES } from '../../../tools/cost/usage';
import { stopAfterTests } from '../../support/after-tests';
import { startStack } from '../../support/stack';

let functions: CountedFunctions;

beforeAll(async () => {
  functions = await startCountedFunctions(await startStack(), process.execPath, stopAfterTests);
}, 180_000);

const units = (counted: Record<Outcome, readonly Units[]>) =>
  Object.fromEntries(Object.entries(counted).map(([outcome, writes]) => [outcome, unitsOf(writes)]));

it('WRITE_UNITS and WRITES are those of the requests that the functions make', async () => {
  const counted = await countOutcomes(functions);

  expect(units(counted)).toEqual(WRITE_UNITS);
  expect(mean(SHIPMENT.map(({ becomes }) => counted[becomes].length))).toBe(WRITES);
}, 60_000);

it.each(EVENT_FUNCTION_KEYS)('PRIMING_UNITS are those of a start of the %s, which changes nothing', (key) => {
  const writes = functions.primings.get(key) ?? [];

  expect(unitsOf(writes)).toBe(PRIMING_UNITS);
  expect(writes.map(({ indexes }) => indexes)).toEqual([0, 0]);
});

it('STALLED_UNITS are those of the report of a stalled shipment', async () => {
  const time = new Date(Date.now() - 1.5 * 86_400_000).toISOString();
  const detail = { shipment_id: 'SHP-STALLED', status: 'in_transit' };
  const update = {
    id: 'stalled-1',
    source: 'logistics.shipment',
    'detail-type': 'Shipment Status Updated',
    time,
    detail,
  };
  await functions.deliver('status-updater', update);

  const writes = await functions.deliver('stalled-shipments', { ...update, id: 'run-1' });

  expect(unitsOf(writes)).toBe(STALLED_UNITS);
}, 60_000);

it('a row of 17 KB costs 17 units wherever it is copied to, and the status row as before', async () => {
  const { first, moved, notified, duplicate } = units(await countOutcomes(functions, 16 * 1_024));

  expect({ first, moved, notified, duplicate }).toEqual({
    first: 3 * 17 + 2,
    moved: 3 * 17 + 3,
    notified: 6 * 17 + 3,
    duplicate: 17 + 1,
  });
}, 60_000);
