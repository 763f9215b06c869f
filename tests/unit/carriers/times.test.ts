/** Carriers' local times, also around a zone's clock changes. */
import { instantOf, zoneOf } from '../../../carriers/times';

const read = (text: string, timeZone = 'Europe/Berlin', trustsUtc = false) => {
  const instant = instantOf(text, zoneOf(timeZone), trustsUtc);
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

it.each([
  ['2026-03-04T12:00:00', '2026-03-04T11:00:00.000Z'],
  ['2026-07-04T12:00:00', '2026-07-04T10:00:00.000Z'],
  ['2026-07-04 12:00', '2026-07-04T10:00:00.000Z'],
  ['2026-07-04T12:00:00.250', '2026-07-04T10:00:00.250Z'],
  ['2026-07-04', '2026-07-03T22:00:00.000Z'],
  ['2026-07-04T12:00:00-05:00', '2026-07-04T17:00:00.000Z'],
  ['2026-07-04T12:00:00+0530', '2026-07-04T06:30:00.000Z'],
  ['2026-07-04T12:00:00 +01:00', '2026-07-04T11:00:00.000Z'],
])('reads %s with its offset or in the configured zone', (text, instant) => {
  expect(read(text)).toBe(instant);
});

it.each(['2026-07-04T12:00:00Z', '2026-07-04T12:00:00+00:00', '2026-07-04T12:00:00-00:00'])(
  'reads %s as UTC only where UTC is trusted',
  (text) => {
    expect(read(text)).toBe('2026-07-04T10:00:00.000Z');
    expect(read(text, 'Europe/Berlin', true)).toBe('2026-07-04T12:00:00.000Z');
    expect(read(text, 'UTC')).toBe('2026-07-04T12:00:00.000Z');
  },
);

/** Clocks change by an hour, at Lord Howe by half an hour. */
it.each([
  // Skipped: the same distance after the change.
  ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
  ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
  ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T01:00:00.000Z'],
  ['Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00.000Z'],
  // Repeated: the first occurrence.
  ['Europe/Berlin', '2026-10-25T01:59:59', '2026-10-24T23:59:59.000Z'],
  ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z'],
  ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T02:00:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00.000Z'],
])('reads a time at a clock change in %s: %s', (zone, text, instant) => {
  expect(read(text, zone)).toBe(instant);
});

it.each(['Asia/Kolkata', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/St_Johns', 'UTC'])(
  'reads every day of the year in %s as the same local time',
  (timeZone) => {
    const clock = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    for (let day = 0; day < 365; day += 1) {
      const text = new Date(Date.UTC(2026, 0, day, day % 24, 7, 11)).toISOString().slice(0, 19);
      const instant = instantOf(text, zoneOf(timeZone), false) ?? 0;
      // Except a time that is skipped in St. John's.
      if (timeZone !== 'America/St_Johns' || !text.startsWith('2026-03-08'))
        expect(clock.format(instant)).toBe(text.replace('T', ' '));
    }
  },
);

it.each([
  'yesterday',
  '2026-02-30T12:00:00',
  '2026-03-04T12:00:00+25:00',
  '2026-03-04T12',
  `2026-03-04${'T12:00:00'.repeat(10_000)}`,
])('returns undefined for %p', (text) => {
  expect(read(text)).toBeUndefined();
});

it('throws for an unknown zone', () => {
  expect(() => zoneOf('Europe/Nowhere')).toThrow(RangeError);
});
