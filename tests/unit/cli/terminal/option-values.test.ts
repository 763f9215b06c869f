import { duration, momentOrSpanAgo } from '../../../../cli/terminal/option-values';
import { spanInWords } from '../../../../cli/terminal/spans';

it.each([
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['3d', 259_200_000],
  ['2w', 1_209_600_000],
])('%s is %d ms', (text, ms) => {
  expect(duration(text)).toBe(ms);
});

it.each([
  [0, '0s'],
  [999, '0s'],
  [61_000, '1m 1s'],
  [3_600_000, '1h'],
  [3_605_000, '1h'],
  [90_000_000, '1d 1h'],
  [-5, '0s'],
])('%d ms are %s', (ms, words) => {
  expect(spanInWords(ms)).toBe(words);
});

it('a moment is RFC 3339, or a span before now', () => {
  const now = Date.UTC(2026, 2, 2);
  expect(momentOrSpanAgo('2026-03-01T00:00:00Z')(now)).toBe(Date.UTC(2026, 2, 1));
  expect(momentOrSpanAgo('24h')(now)).toBe(Date.UTC(2026, 2, 1));
});
