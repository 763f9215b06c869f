import { MAGNITUDE_LIMIT, MAX_NESTING, SMALLEST_MAGNITUDE } from '../../contracts/limits';
import { Rejected } from './failures';
import { isObject } from './json';

/**
 * Holds a received value to what can be hashed and stored without changing it: well-formed strings (RFC 8785 and UTF-8 have no lone
 * surrogates), numbers in DynamoDB's range, bounded nesting, no `__proto__` key (object-building code on the way would lose it).
 * Walks without recursion, so that no input can exhaust the stack.
 * @throws Rejected naming the path of the first offender
 */
export function assertStorable(root: unknown, rootPath: string): void {
  const pending: Array<{ value: unknown; path: string; depth: number }> = [{ value: root, path: rootPath, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, path, depth } = next;
    if (depth > MAX_NESTING) throw new Rejected(`${rootPath} is nested deeper than ${MAX_NESTING} levels: flatten it`);
    if (typeof value === 'string') assertWellFormed(value, path);
    if (typeof value === 'number') assertInRange(value, path);
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        pending.push({ value: item, path: `${path}[${index}]`, depth: depth + 1 });
      });
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        assertKey(key, path);
        pending.push({ value: value[key], path: `${path}.${key}`, depth: depth + 1 });
      }
    }
  }
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
