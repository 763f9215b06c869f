/** Parser for carriers' times, many of which are local and have no offset. */
import { parseInstant } from '../contracts/rfc3339';

const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?)? ?(?:([Zz])|([+-]\d{2}):?(\d{2}))?$/;

const DAY_MS = 86_400_000;

export interface Zone {
  /** Offset from UTC at an instant (epoch milliseconds), in milliseconds. */
  offsetAt(instant: number): number;
}

/** @throws RangeError when the zone is unknown */
export function zoneOf(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return {
    offsetAt(instant) {
      const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
      // UTC is `GMT`, without an offset.
      return sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
    },
  };
}

/**
 * Parses a time by its offset or, without one, as local time of the zone. A date alone is the start of that day.
 * @param trustsUtc false: `Z` and `+00:00` count as no offset, because the platform writes them after local times, too
 * @returns epoch milliseconds; undefined when the text is not an existing time
 */
export function instantOf(text: string, zone: Zone, trustsUtc: boolean): number | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, date, time = '00:00', seconds = '00', z, hours = z && '+00', minutes = '00'] = match;
  const written = `${date}T${time}:${seconds}`;
  const offset = hours && `${hours}:${minutes}`;
  const isUtc = offset === '+00:00' || offset === '-00:00';
  if (offset && (trustsUtc || !isUtc)) return parseInstant(written + offset);
  const localAsUtc = parseInstant(`${written}Z`);
  return localAsUtc === undefined ? undefined : inZone(localAsUtc, zone);
}

/**
 * Instant of a local time. A time that occurs twice is its first occurrence, a skipped time has the offset from before the change, both as in
 * Temporal's `compatible`.
 */
function inZone(localAsUtc: number, zone: Zone): number {
  const before = localAsUtc - zone.offsetAt(localAsUtc - DAY_MS);
  const after = localAsUtc - zone.offsetAt(localAsUtc + DAY_MS);
  return [before, after].find((instant) => instant + zone.offsetAt(instant) === localAsUtc) ?? before;
}
