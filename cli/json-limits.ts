/**
 * JSON that parsing or writing would change: a double keeps 17 digits of a number and has no number beyond 1.8e308, an object keeps only the
 * last of equal keys, and a value may be nested too deeply to be written.
 */
import { beginningOf, isDeeperThan, type Json } from '../src/domain/json';

/** An array or object that encloses the current token, with the current index or key. */
type Level = { index: number } | { key: string; isKeyNext: boolean; readonly seen: Set<string> };

const TOKEN = /["{}[\],]|-?\d[\d.eE+-]*/g;

/** Characters quoted in an error: a producer may write a million digits. */
const SHOWN = 200;

/**
 * Finds the first part of a JSON text that parsing changes: a number, or a key that repeats in its object. Only the value counts, not its
 * spelling: `1.0`, `1e2` and `-0` do not change, and `"\u0061"` is `"a"`. Scans the text because the parsed value no longer shows the change.
 * @param json a text that JSON.parse accepts
 * @param root path of the value itself
 * @returns the path, what it would become, and how its sender fixes it, in words
 */
export function changeIn(json: string, root = ''): string | undefined {
  const levels: Level[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(json); match; match = TOKEN.exec(json)) {
    const [token] = match;
    const level = levels.at(-1);
    if (token === '"') {
      TOKEN.lastIndex = endOfString(json, match.index);
      if (level && 'key' in level && level.isKeyNext) {
        level.key = JSON.parse(json.slice(match.index, TOKEN.lastIndex));
        level.isKeyNext = false;
        if (level.seen.has(level.key))
          return `${pathOf(levels, root)} is there twice, and only the last would be read: send it once`;
        level.seen.add(level.key);
      }
    } else if (token === '{') levels.push({ key: '', isKeyNext: true, seen: new Set() });
    else if (token === '[') levels.push({ index: 0 });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',') {
      if (level && 'key' in level) level.isKeyNext = true;
      else if (level) level.index += 1;
    } else if (isChanged(token))
      return `${pathOf(levels, root)} is ${beginningOf(token, SHOWN)}, which is read as ${Number(token)}: send it as a string`;
  }
  return undefined;
}

/** Index after the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isChanged(text: string): boolean {
  const parsed = Number(text);
  return !Number.isFinite(parsed) || decimal(text) !== decimal(String(parsed));
}

/** A number in canonical form: its digits without leading and trailing zeros, and the power of ten of the last digit. */
function decimal(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  if (end === 0) return '0';
  return `${sign}${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}

function pathOf(levels: readonly Level[], root: string): string {
  const steps = levels.map((level) => ('key' in level ? `.${level.key}` : `[${level.index}]`));
  return beginningOf(`${root}${steps.join('')}`.replace(/^\./, ''), SHOWN);
}

/** The value of a JSON text, or the text itself where it is not JSON. */
export function parsedOrText(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Far more than any real event has, and far less than what overflows the stack when JSON is written. */
const MAX_LEVELS = 1_000;

/** True when a parsed value cannot safely be written as JSON again. Parsing has no such limit. */
export const isTooDeep = (value: Json) => isDeeperThan(value, MAX_LEVELS);
