/** The table of docs/deploy.md: how likely a gradual deployment is rolled back when the function fails on every event. */

import { markdownTable } from '../../lib/markdown';
import { ALARM_PERIOD_SECONDS, THRESHOLDS } from '../../template-src/defaults';
import { grouped } from '../cost/grouped';

/** Share of the events that the new version gets, and for how many minutes (`Canary10Percent15Minutes`). */
const CANARY = { share: 0.1, minutes: 15 };

/** Attempts on the new version for each event whose first attempt runs there: Lambda routes each retry anew. */
const ATTEMPTS = 1 + CANARY.share + CANARY.share ** 2;

const DAY_SECONDS = 86_400;

/** Probability that a Poisson distribution with this mean exceeds `limit`. */
function above(limit: number, mean: number): number {
  let [term, sum] = [Math.exp(-mean), 0];
  for (let count = 0; count <= limit; count += 1) {
    sum += term;
    term *= mean / (count + 1);
  }
  return 1 - sum;
}

const inWords = (odds: number) => {
  if (odds < 0.001) return 'never';
  return odds > 0.999 ? 'practically always' : `in ${Math.round(odds * 100)} of 100 deployments`;
};

/** The odds are squared: the alarm needs two periods above its threshold, and the canary's minutes contain two whole ones. */
export const rollbackOdds = markdownTable(
  [
    'events a day, of one function',
    'given to the new version',
    'errors an alarm period, if it fails on every event',
    'taken back for errors',
  ],
  [1_500, 10_000, 30_000, 50_000].map((events) => {
    const canaryEvents = (events * CANARY.share * CANARY.minutes * 60) / DAY_SECONDS;
    const errors = ((events * CANARY.share * ALARM_PERIOD_SECONDS) / DAY_SECONDS) * ATTEMPTS;
    const odds = above(THRESHOLDS.errors, errors) ** 2;
    return [grouped(events), canaryEvents.toFixed(0), errors.toFixed(1), inWords(odds)];
  }),
);
