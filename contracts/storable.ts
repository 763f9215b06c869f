/** Checks of a shipment event beyond its schema, shared by the functions, `send` and the client package. */
import type { DetailProblem } from './define-event';
import {
  EARLIEST_OCCURRENCE,
  MAGNITUDE_LIMIT,
  MAX_ITEM_BYTES,
  MAX_MINUTES_AHEAD,
  MAX_NESTING,
  SMALLEST_MAGNITUDE,
} from './limits';
import { parseInstant } from './rfc3339';

/**
 * Finds the problem that keeps an event from being recorded, except for a conflict, which only the log knows.
 * @param detail that its contract accepts, as received
 * @param time the envelope's, epoch milliseconds
 * @param now epoch milliseconds
 */
export function recordingProblem(
  detail: Readonly<Record<string, unknown>>,
  time: number,
  now: number,
): DetailProblem | undefined {
  return (
    unstorableIn(detail) ??
    oversize(detail['metadata'], 'detail.metadata') ??
    impossibleTime(detail, timestampOf(detail, time), now)
  );
}

/** Finds half a surrogate pair in an event that is kept as text: JSON can express it, UTF-8 cannot. */
export const malformedText = (detail: unknown) => unstorableIn(detail, true);

/** When the event happened, in epoch milliseconds: its own `occurred_at`, else the envelope's time. */
export function timestampOf({ occurred_at }: { readonly occurred_at?: unknown }, time: number): number {
  return typeof occurred_at === 'string' ? (parseInstant(occurred_at) ?? Number.NaN) : time;
}

function impossibleTime(detail: object, timestamp: number, now: number): DetailProblem | undefined {
  const path = 'occurred_at' in detail ? 'detail.occurred_at' : 'time';
  if (!(timestamp >= EARLIEST_OCCURRENCE))
    return { path, message: 'is before the year 2000: send the time of the event' };
  if (timestamp <= now + MAX_MINUTES_AHEAD * 60_000) return undefined;
  const message = `is more than ${MAX_MINUTES_AHEAD} minutes in the future: check the producer's clock and send the event again`;
  return { path, message };
}

/**
 * Finds the first part of a value that could not be hashed and stored without changing it: strings are well-formed (RFC 8785 and UTF-8 have no
 * lone surrogates), numbers in DynamoDB's range, nesting bounded, and no key is `__proto__` (object-building code on the way would lose it).
 * Goes no deeper than the allowed nesting, and collects nothing: an event of 1 MB may be half a million values.
 * @param isText true when only its strings matter
 */
function unstorableIn(detail: unknown, isText = false): DetailProblem | undefined {
  const visit = (value: unknown, path: string, depth: number): DetailProblem | undefined => {
    if (depth > MAX_NESTING && !isText)
      return { path: 'detail', message: `is nested deeper than ${MAX_NESTING} levels: flatten it` };
    if (typeof value === 'string') return malformed(value, path);
    if (typeof value === 'number') return isText ? undefined : outOfRange(value, path);
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) {
        const found = visit(value[index], `${path}[${index}]`, depth + 1);
        if (found) return found;
      }
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        const found =
          (isText ? undefined : unusableKey(key, path)) ??
          malformed(key, `a key of ${path}`) ??
          visit(value[key], `${path}.${key}`, depth + 1);
        if (found) return found;
      }
    }
    return undefined;
  };
  return visit(detail, 'detail', 0);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const malformed = (text: string, path: string) =>
  text.isWellFormed() ? undefined : { path, message: 'holds half a surrogate pair: send well-formed Unicode' };

function outOfRange(value: number, path: string): DetailProblem | undefined {
  const size = Math.abs(value);
  if (size === 0 || (size >= SMALLEST_MAGNITUDE && size < MAGNITUDE_LIMIT)) return undefined;
  return { path, message: `is ${value}, outside the numbers DynamoDB holds: send it as a string` };
}

function unusableKey(key: string, path: string): DetailProblem | undefined {
  if (key !== '__proto__' && key !== '') return undefined;
  return { path, message: `has a key ${JSON.stringify(key)}, which cannot be stored: rename it` };
}

/** Refuses what no DynamoDB item can hold before it is converted to one, which takes many times its memory. DynamoDB checks the exact size. */
function oversize(value: unknown, path: string): DetailProblem | undefined {
  if (leastSize(value) <= MAX_ITEM_BYTES) return undefined;
  const limit = MAX_ITEM_BYTES / 1_024;
  return { path, message: `takes more than the ${limit} KB that can be stored of an event: send less` };
}

/** Minimum bytes of a value in an item: 3 for a list or map and 1 for each member, 1 for a number, the UTF-8 of a string. */
function leastSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  let bytes = 3;
  if (Array.isArray(value)) for (const item of value) bytes += 1 + leastSize(item);
  else if (isObject(value))
    for (const key of Object.keys(value)) bytes += 1 + Buffer.byteLength(key) + leastSize(value[key]);
  else return 1;
  return bytes;
}
