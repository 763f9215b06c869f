import { PEAK } from '../../../bench/scale-model/arrivals';
import { CREATED, capacities, DEPLOYED, INVOCATION } from '../../../bench/scale-model/design';
import { plan } from '../../../bench/scale-model/plan';
import { simulate } from '../../../bench/scale-model/simulate';
import { Random } from '../../../local/simulation/random';

const SEED = 3;

/** Room in every part. */
const WIDE = { ...DEPLOYED, processors: 1e6, updaters: 1e6, shards: 1_000, tableUnits: 1e6 };

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
    const { longestWait, givenUp } = hour(1_000, { ...WIDE, processors: DEPLOYED.processors });

    expect(longestWait).toBeGreaterThan(30);
    expect(givenUp).toBe(0);
  });

  it('makes events wait in a burst though there is twice the room that the average needs', () => {
    const processors = Math.ceil(2 * 1_000 * CREATED * INVOCATION.processor);

    expect(hour(1_000, { ...WIDE, processors }).longestWait).toBeGreaterThan(10);
  });

  it('gives events up that have waited for the longest that Lambda keeps them, and none that have not', () => {
    const short = { ...WIDE, processors: 1 };
    const patient = hour(1_000, { ...short, maxAge: 1e9 });

    expect(patient.givenUp).toBe(0);
    expect(hour(1_000, { ...short, maxAge: patient.longestWait }).givenUp).toBe(0);
    const { longestWait, givenUp } = hour(1_000, { ...short, maxAge: 1_800 });
    expect(longestWait).toBe(1_800);
    expect(givenUp).toBeGreaterThan(CREATED / 2);
    expect(givenUp).toBeLessThan(CREATED);
  });

  it('makes events wait while Lambda starts environments: a thousand at once, and a hundred each second', () => {
    // The updater's burst needs 3,000 more than the ordinary: the last of them are there after twenty seconds.
    const rate = 3_000 / (PEAK - PEAK / 5) / (1 - CREATED) / INVOCATION.updater;

    const { longestWait } = hour(rate, WIDE);

    expect(longestWait).toBeGreaterThan(4);
    expect(longestWait).toBeLessThan(20);
    expect(hour(rate / 4, WIDE).longestWait).toBe(0);
  });

  it('gives events up where a status has one partition for too many, and none once it has enough', () => {
    expect(hour(3_000, { ...WIDE, shards: 1 }).givenUp).toBeGreaterThan(0.1);
    expect(hour(3_000, { ...WIDE, shards: 16 }).givenUp).toBe(0);
  });

  it('gives events up where the table takes too few writes, and none once it takes enough', () => {
    expect(hour(3_000, { ...WIDE, tableUnits: 3_000 }).givenUp).toBeGreaterThan(0.1);
    expect(hour(3_000, { ...WIDE, tableUnits: 16_000 }).givenUp).toBe(0);
  });

  it('tries events again that were refused in a burst, when it is over', () => {
    // The burst is a fifth above what two partitions take, and the minute after it has room for what was refused.
    const rate = (1.2 * capacities({ ...WIDE, shards: 2 })['one status in a status index']) / PEAK;

    expect(hour(rate, { ...WIDE, shards: 2 }).givenUp).toBe(0);
  });

  it('gives up after three attempts what is refused each time', () => {
    const { givenUp } = hour(100_000, { ...WIDE, shards: 1 });

    expect(givenUp).toBeGreaterThan(0.9);
    expect(givenUp).toBeLessThan(1);
  });
});

describe('the plan', () => {
  it('names the parts that a burst fills, the fullest first', () => {
    const [, , , thousand] = plan();

    expect(thousand?.full.map(([part]) => part)).toEqual([
      'the shipment processor’s concurrency',
      'one status in a status index',
      'the table’s write units',
    ]);
  });

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
