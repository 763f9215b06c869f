import { randomInt } from 'node:crypto';
import fc from 'fast-check';

/** True to try every case of the exhaustive tests, as a workflow does each night; otherwise each run draws a sample. */
export const EXHAUSTIVE = process.env['EXHAUSTIVE'] === '1';

/** Tests print this seed; `SEED=… npm test -- <test>` draws the same cases again. */
export const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31));

/** All items when exhaustive; otherwise a share of them, at least one, drawn with the seed. */
export function sampled<T>(items: readonly T[], share: number): readonly T[] {
  if (EXHAUSTIVE) return items;
  const size = Math.max(1, Math.ceil(items.length * share));
  process.stdout.write(`${size} of ${items.length} cases, SEED=${SEED}; EXHAUSTIVE=1 tries all\n`);
  return (
    fc.sample(fc.shuffledSubarray([...items], { minLength: size, maxLength: size }), { seed: SEED, numRuns: 1 })[0] ??
    []
  );
}
