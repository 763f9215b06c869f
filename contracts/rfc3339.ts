/** RFC 3339 date-times with an offset (section 5.6 of the RFC), the only form of a time that this system receives or sends. */
const DATE_TIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;

/** The same in JSON Schema; `format` adds what a pattern cannot express: that the day exists and a leap second is where one can be. */
export const INSTANT_FORM = { format: 'date-time', pattern: DATE_TIME.source };

/**
 * @returns epoch milliseconds, truncated towards the past; undefined when the text is not a date-time that exists. A leap second
 * (23:59:60 in UTC and at no other time) is the first instant of the next day, as POSIX time has it.
 */
export function parseInstant(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset = ''] = match;
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  const civil = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // A day or month that does not exist is carried into another month.
  if (new Date(civil).getUTCMonth() !== Number(month) - 1) return undefined;
  const minutes = Number(hour) * 60 + Number(minute) - offsetMinutes(offset);
  if (Number(second) === 60 && (minutes + DAY_MINUTES) % DAY_MINUTES !== DAY_MINUTES - 1) return undefined;
  const milliseconds = Number(fraction.slice(1, 4).padEnd(3, '0'));
  return civil + minutes * 60_000 + Number(second) * 1_000 + milliseconds;
}

const DAY_MINUTES = 24 * 60;

function offsetMinutes(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith('-') ? -minutes : minutes;
}
