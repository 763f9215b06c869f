import { MAGNITUDE_LIMIT, MAX_ITEM_BYTES, MAX_NESTING, SMALLEST_MAGNITUDE } from '../../contracts/limits';
import { Rejected } from './failures';
import { isObject, type Json } from './json';

/**
 * Holds a received value to what can be hashed and stored without changing it: well-formed strings (RFC 8785 and UTF-8 have no lone
 * surrogates), numbers in DynamoDB's range, bounded nesting, no `__proto__` key (object-building code on the way would lose it).
 * Goes no deeper than the nesting that it allows, and keeps nothing of what it has seen: an event of 1 MB may be half a million values.
 * @throws Rejected naming the path of the first offender
 */
export function assertStorable(root: unknown, rootPath: string): void {
  const visit = (value: unknown, path: string, depth: number): void => {
    if (depth > MAX_NESTING) throw new Rejected(`${rootPath} is nested deeper than ${MAX_NESTING} levels: flatten it`);
    if (typeof value === 'string') assertWellFormed(value, path);
    if (typeof value === 'number') assertInRange(value, path);
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        visit(item, `${path}[${index}]`, depth + 1);
      });
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        assertKey(key, path);
        visit(value[key], `${path}.${key}`, depth + 1);
      }
    }
  };
  visit(root, rootPath, 0);
}

/**
 * Refuses what no item of DynamoDB can hold before it is written as one, which takes many times its size. DynamoDB has the last word.
 * @param value that {@link assertStorable} has passed
 * @throws Rejected
 */
export function assertFits(value: Json, path: string): void {
  const bytes = leastSize(value);
  if (bytes > MAX_ITEM_BYTES) {
    const limit = MAX_ITEM_BYTES / 1_024;
    throw new Rejected(`${path} takes more than the ${limit} KB that can be stored of an event: send less`);
  }
}

/** The least that a value may take in an item: a list or map 3 bytes and 1 for each member, a number 1, a text its UTF-8. */
function leastSize(value: Json): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 1;
  let bytes = 3;
  if (Array.isArray(value)) for (const item of value) bytes += 1 + leastSize(item);
  else if (isObject(value))
    for (const key of Object.keys(value)) bytes += 1 + Buffer.byteLength(key) + leastSize(value[key] ?? null);
  return bytes;
}

function assertWellFormed(text: string, path: string): void {
  if (!text.isWellFormed()) throw new Rejected(`${path} holds half a surrogate pair: send well-formed Unicode`);
}

function assertInRange(value: number, path: string): void {
  const size = Math.abs(value);
  if (size !== 0 && !(size >= SMALLEST_MAGNITUDE && size < MAGNITUDE_LIMIT)) {
    throw new Rejected(`${path} is ${value}, outside the numbers DynamoDB holds: send it as a string`);
  }
}

function assertKey(key: string, path: string): void {
  if (key === '__proto__' || key === '') {
    throw new Rejected(`${path} has a key ${JSON.stringify(key)}, which cannot be stored: rename it`);
  }
  assertWellFormed(key, `a key of ${path}`);
}
