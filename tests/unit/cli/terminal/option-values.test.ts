import { duration, environmentSuffix, momentOrSpanAgo, shipmentId } from '../../../../cli/terminal/option-values';
import { spanInWords } from '../../../../cli/terminal/spans';

describe('a span of time', () => {
  it.each([
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['3d', 259_200_000],
    ['2w', 1_209_600_000],
  ])('%s is accepted', (text, ms) => {
    expect(duration(text)).toBe(ms);
  });

  it.each(['3', 'd', '3 days', '-3d', '1.5h', '3D', ''])('%j is refused with examples', (text) => {
    expect(() => duration(text)).toThrow('give a span like 30m, 12h, 3d or 2w.');
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
});

describe('a moment', () => {
  it('is RFC 3339, or a span before now', () => {
    const now = Date.UTC(2026, 2, 2);
    expect(momentOrSpanAgo('2026-03-01T00:00:00Z')(now)).toBe(Date.UTC(2026, 2, 1));
    expect(momentOrSpanAgo('24h')(now)).toBe(Date.UTC(2026, 2, 1));
  });

  it.each(['yesterday', '2026-03-01', ''])('%j is refused with examples', (text) => {
    expect(() => momentOrSpanAgo(text)).toThrow('give a span like 24h or 3d, or a time like 2026-03-01T00:00:00Z.');
  });
});

describe('names', () => {
  it.each(['Dev', 'a b', '', 'x'.repeat(21), 'dev;rm'])('%j is refused as an environment', (text) => {
    expect(() => environmentSuffix(text)).toThrow('give 1 to 20 lower-case letters, digits and hyphens.');
  });

  it('a shipment_id must match its contract', () => {
    expect(shipmentId('SHP-1007')).toBe('SHP-1007');
    expect(() => shipmentId('SHP 1007')).toThrow('it must be 1 to 128 printable ASCII characters without spaces.');
  });
});
