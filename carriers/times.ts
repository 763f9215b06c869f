/** Instants of the times that carriers write, many of them local and without a zone. */
import { parseInstant } from '../contracts/rfc3339';

const WRITTEN =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?)? ?(?:([Zz])|([+-]\d{2}):?(\d{2}))?$/;

const DAY_MS = 86_400_000;

export interface Zone {
  /** Offset from UTC at an instant (epoch milliseconds), in milliseconds. */
  offsetAt(instant: number): number;
}

/** @throws RangeError when the name is not a zone's */
export function zoneOf(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return {
    offsetAt(instant) {
      const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
      // UTC is `GMT`, without figures.
      return sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
    },
  };
}

/**
 * Reads a time as its offset says, and as a local time of the zone where it has none. A date alone is the start of that day.
 * @param trustsUtc false: `Z` and `+00:00` count as no offset, because the platform puts them on local times, too
 * @returns epoch milliseconds; undefined when the text is not a time that exists
 */
export function instantOf(text: string, zone: Zone, trustsUtc: boolean): number | undefined {
  const match = WRITTEN.exec(text);
  if (!match) return undefined;
  const [, date, time = '00:00', seconds = '00', z, hours = z && '+00', minutes = '00'] = match;
  const written = `${date}T${time}:${seconds}`;
  const offset = hours && `${hours}:${minutes}`;
  const isUtc = offset === '+00:00' || offset === '-00:00';
  if (offset && (trustsUtc || !isUtc)) return parseInstant(written + offset);
  const civil = parseInstant(`${written}Z`);
  return civil === undefined ? undefined : inZone(civil, zone);
}

/**
 * The instant at which a zone's clocks show a civil time (as if it were UTC, epoch milliseconds). Where they show it twice, the first; a time that
 * they skip is read by the offset before the change, so that it lies as far after it. Both as Temporal's `compatible`.
 */
function inZone(civil: number, zone: Zone): number {
  const before = civil - zone.offsetAt(civil - DAY_MS);
  const after = civil - zone.offsetAt(civil + DAY_MS);
  return [before, after].find((instant) => instant + zone.offsetAt(instant) === civil) ?? before;
}
