import { mean, quantile, ratio } from '../../../bench/statistics';

describe('a quantile', () => {
  it('lies between the samples around its place', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  });

  it('is by size, not by spelling', () => {
    expect(quantile([10, 9, 100], 0)).toBe(9);
  });

  it('of nothing is an error', () => {
    expect(() => quantile([], 0.5)).toThrow('there are no samples');
  });
});

describe('the mean', () => {
  it('is the sum by the number', () => {
    expect(mean([1, 2, 6])).toBe(3);
  });
});

describe('a ratio', () => {
  it('is of the medians, and shows what a disturbance of one part of the run did', () => {
    const base = Array.from({ length: 10 }, () => 10);
    const samples = base.map((_, round) => (round % 5 === 0 ? 20 : 5));

    expect(ratio(samples, base)).toEqual({ median: 0.5, least: 0.5, greatest: 2 });
  });
});
