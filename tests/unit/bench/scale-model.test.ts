import { DEPLOYED } from '../../../bench/scale-model/design';
import { plan } from '../../../bench/scale-model/plan';
import { simulate } from '../../../bench/scale-model/simulate';
import { Random } from '../../../local/simulation/random';

const SEED = 3;

const hour = (rate: number, design = DEPLOYED) => simulate(rate, design, new Random(SEED));

describe('an hour of the model', () => {
  it('is the same for the same seed', () => {
    expect(hour(1_000)).toEqual(hour(1_000));
  });

  it('neither delays nor loses what is far below every limit', () => {
    const { longestWait, givenUp } = hour(10);

    expect(longestWait).toBeLessThan(1);
    expect(givenUp).toBe(0);
  });

  it('makes events wait, and gives none up, where only concurrency is short', () => {
    const { longestWait, givenUp } = hour(1_000, { ...DEPLOYED, shards: 100, tableUnits: 1e6 });

    expect(longestWait).toBeGreaterThan(30);
    expect(givenUp).toBe(0);
  });

  it('gives events up where a status has one partition for too many, and none once it has enough', () => {
    const wide = { ...DEPLOYED, processors: 1e6, updaters: 1e6, tableUnits: 1e6 };

    expect(hour(3_000, wide).givenUp).toBeGreaterThan(0.1);
    expect(hour(3_000, { ...wide, shards: 16 }).givenUp).toBe(0);
  });
});

describe('the plan', () => {
  it('changes nothing before a part is full, and has room in a burst after each change', () => {
    const steps = plan();

    expect(steps.slice(0, 3).map(({ full }) => full)).toEqual([[], [], []]);
    expect(steps.slice(3).every(({ full }) => full.length > 0)).toBe(true);
    for (const [index, rate] of [1_000, 10_000].entries()) {
      const { longestWait, givenUp } = hour(rate, steps[index + 3]?.after);
      expect([longestWait < 1, givenUp]).toEqual([true, 0]);
    }
  });
});
