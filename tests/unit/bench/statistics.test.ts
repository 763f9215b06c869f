import { quantile, ratio } from '../../../bench/statistics';

describe('a quantile', () => {
  it('is interpolated between samples', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  });

  it('sorts samples as numbers', () => {
    expect(quantile([10, 9, 100], 0)).toBe(9);
  });

  it('throws without samples', () => {
    expect(() => quantile([], 0.5)).toThrow('there are no samples');
  });
});

it('computes the ratio of the medians, and its range over parts of the run', () => {
  const base = Array.from({ length: 10 }, () => 10);
  const samples = base.map((_, round) => (round % 5 === 0 ? 20 : 5));

  expect(ratio(samples, base)).toEqual({ median: 0.5, least: 0.5, greatest: 2 });
});
