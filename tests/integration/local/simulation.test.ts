/** A short simulated day with faults on the deployed stack; `npm run simulate` simulates a whole one. */
import { simulate } from '../../../demo/simulation/simulate';
import { stopAfterTests } from '../../support/after-tests';
import { SEED } from '../../support/sample';

it(`accounts for every event of a day (SEED=${SEED} repeats it)`, async () => {
  const day = { shipments: 20, updates: 60, seed: SEED, faults: 0.05 };
  const { account, sent, faultsMade } = await simulate(day, () => undefined, stopAfterTests);
  expect(account.wrong).toEqual([]);
  expect(sent).toBeGreaterThan(day.updates);
  expect(faultsMade.injected.size).toBeGreaterThan(0);
}, 400_000);
