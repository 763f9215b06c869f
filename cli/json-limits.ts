/**
 * JSON that cannot be passed on as it came: a double keeps 17 digits of a number and nothing beyond 1.8e308, an object has the last of equal
 * keys only, and a value may be nested too deeply to be written.
 */
import { beginningOf, isDeeperThan, type Json } from '../src/domain/json';

/** A list or an object that is open at a place of the text, with the index or the key of that place. */
type Level = { index: number } | { key: string; isKeyNext: boolean; readonly seen: Set<string> };

const TOKEN = /["{}[\],]|-?\d[\d.eE+-]*/g;

/** A producer may write a million digits. */
const SHOWN = 200;

/**
 * Finds the first part of a JSON text that changes when it is parsed: a number, or a key that its object has already. Values count, not
 * spellings: `1.0`, `1e2` and `-0` are as they were, and `"\u0061"` is `"a"`. The text is scanned because the parsed value no longer shows it.
 * @param json a text that JSON.parse takes
 * @param root the path of the whole
 * @returns the path of what changes, what it would become, and what its sender does about it, in words
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

/** The place after a string that begins here. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isChanged(written: string): boolean {
  const read = Number(written);
  return !Number.isFinite(read) || decimal(written) !== decimal(String(read));
}

/** The value of a number's text in one form: its digits without zeros around them, and the power of ten of the last one. */
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

/** Far beyond any honest event, and far from where writing JSON ends the stack. */
const MAX_LEVELS = 1_000;

/** True when a value that was read as JSON cannot safely be written as JSON again: reading has no such limit. */
export const isTooDeep = (value: Json) => isDeeperThan(value, MAX_LEVELS);
