/**
 * RFC 3339 date-times with an offset (section 5.6 of the RFC), the only form of a time that crosses this system's border.
 */
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/**
 * @returns epoch milliseconds, truncated towards the past; undefined when the text is not a date-time that exists. A leap second
 * (`:60`) is the first instant of the next minute, as POSIX time has it.
 */
export function parseInstant(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset = ''] = match;
  const civil = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC carries an impossible day into the next month; such a date does not exist.
  if (new Date(civil).getUTCDate() !== Number(day) || new Date(civil).getUTCMonth() !== Number(month) - 1)
    return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const milliseconds = Number(fraction.slice(1, 4).padEnd(3, '0'));
  return civil + seconds * 1_000 + milliseconds - offsetMinutes(offset) * 60_000;
}

function offsetMinutes(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith('-') ? -minutes : minutes;
}
