import { quantile, ratio } from '../../../bench/statistics';

describe('a quantile', () => {
  it('lies between the samples around its place', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  });

  it('of nothing is an error', () => {
    expect(() => quantile([], 0.5)).toThrow('there are no samples');
  });
});

describe('a ratio', () => {
  it('is of the medians, and shows what a disturbance of one part of the run did', () => {
    const base = Array.from({ length: 10 }, () => 10);
    const samples = base.map((_, round) => (round % 5 === 0 ? 20 : 5));

    expect(ratio(samples, base)).toEqual({ median: 0.5, least: 0.5, greatest: 2 });
  });
});
