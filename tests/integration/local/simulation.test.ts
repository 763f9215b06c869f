/** A short day under faults, through the deployed stack; `npm run simulate` lives through a whole one. */
import { simulate } from '../../../demo/simulation/simulate';
import { stopAfterTests } from '../../support/after-tests';
import { SEED } from '../../support/sample';

it(`a day accounts for every event (SEED=${SEED} repeats it)`, async () => {
  const day = { shipments: 20, updates: 60, seed: SEED, faults: 0.05 };
  const { account, sent, faultsMade } = await simulate(day, () => undefined, stopAfterTests);
  expect(account.wrong).toEqual([]);
  expect(sent).toBeGreaterThan(day.updates);
  expect(faultsMade.injected.size).toBeGreaterThan(0);
}, 400_000);
