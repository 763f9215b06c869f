import type { Json } from '../src/domain/json';

/**
 * The path of a number that was read as JSON and cannot be written as JSON again: 1e400 is no double, reads as infinite and would
 * be written as null. Undefined when there is none. For values that are not too deep.
 */
export function unwritableNumberIn(value: Json, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = unwritableNumberIn(member, path ? `${path}.${key}` : key);
    if (found !== undefined) return found;
  }
  return undefined;
}
