import { buffered, crossing, direct } from '../../../bench/ways/buffer';

const GIGABYTES = 0.25;

const billed = (milliseconds: number) => ({ milliseconds, gigabytes: GIGABYTES });

describe('a queue before the functions', () => {
  it.each([2, 10, 10_000])('costs what it saves where the prices cross, with batches of %i', (batch) => {
    const at = crossing(batch, GIGABYTES);

    expect(buffered(billed(at), batch)).toBeCloseTo(direct(billed(at)), 12);
    expect(buffered(billed(at + 1), batch)).toBeLessThan(direct(billed(at + 1)));
    expect(buffered(billed(at - 1), batch)).toBeGreaterThan(direct(billed(at - 1)));
  });

  it('is never cheaper for one message at a time', () => {
    expect(crossing(1, GIGABYTES)).toBe(Number.POSITIVE_INFINITY);
  });

  it('costs three requests and an invocation for a message alone: by hand', () => {
    // Dollars for a million: 3 x 0.40, 0.20, and 50 ms of a quarter gigabyte, 0.17.
    expect(buffered(billed(50), 1) * 1e6).toBeCloseTo(1.2 + 0.2 + 0.167, 2);
  });
});
