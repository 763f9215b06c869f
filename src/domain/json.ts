/** JSON values as they arrive: parsed, of any depth and any key. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True when a value is nested more than `levels` deep. Stops there, so that no input can exhaust the stack. */
export const isDeeperThan = (value: Json, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1)));

/**
 * Canonical JSON by RFC 8785: members sorted by the UTF-16 units of their names, no white space, numbers and strings as ECMAScript
 * writes them (which is what the RFC prescribes).
 * @throws RangeError when the value is nested deeper than the stack is
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** The beginning of a text, of at most `limit` UTF-16 units, made well-formed: AWS refuses half a surrogate pair. */
export function beginningOf(text: string, limit: number): string {
  const beginning = text.slice(0, limit);
  return (text.length > limit ? beginning.replace(/[\ud800-\udbff]$/, '') : beginning).toWellFormed();
}

/** The text when it fits in `limit` bytes of UTF-8, else its beginning and a mark with the original size. Well-formed. */
export function cutText(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text.toWellFormed();
  const mark = `… [cut: ${bytes.length} bytes in all]`;
  let end = Math.max(0, limit - Buffer.byteLength(mark));
  // Back to the beginning of a character that the cut would split: its continuation bytes are 10xxxxxx (RFC 3629).
  while (end > 0 && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
  return `${bytes.toString('utf8', 0, end)}${mark}`;
}

/** JSON of any value, for logs and messages: a value that cannot be written as JSON is described instead. Never throws. */
export function describeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch (error) {
    return `[not representable as JSON: ${error instanceof Error ? error.message : 'unknown reason'}]`;
  }
}
