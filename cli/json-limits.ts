/**
 * JSON that cannot be passed on as it came: a double keeps 17 digits of a number and nothing beyond 1.8e308, and a value may be nested too
 * deeply to be written.
 */
import { beginningOf, isDeeperThan, type Json } from '../src/domain/json';

interface ChangedNumber {
  /** `detail.metadata.lines[0].kg` */
  readonly path: string;
  /** As the text has it. */
  readonly written: string;
  readonly read: number;
}

/** A list or an object that is open at a place of the text, with the index or the key (as JSON) of that place. */
type Level = { index: number } | { key: string; isKeyNext: boolean };

const TOKEN = /["{}[\],]|-?\d[\d.eE+-]*/g;

/**
 * Finds the first number of a JSON text whose value changes when it is parsed. Values count, not spellings: `1.0`, `1e2` and `-0` are as
 * they were. The text is scanned because the parsed value no longer shows it.
 * @param json a text that JSON.parse takes
 * @param root the path of the whole
 */
export function changedNumberIn(json: string, root = ''): ChangedNumber | undefined {
  const levels: Level[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(json); match; match = TOKEN.exec(json)) {
    const [token] = match;
    const level = levels.at(-1);
    if (token === '"') {
      TOKEN.lastIndex = endOfString(json, match.index);
      if (level && 'key' in level && level.isKeyNext) {
        level.key = json.slice(match.index, TOKEN.lastIndex);
        level.isKeyNext = false;
      }
    } else if (token === '{') levels.push({ key: '""', isKeyNext: true });
    else if (token === '[') levels.push({ index: 0 });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',') {
      if (level && 'key' in level) level.isKeyNext = true;
      else if (level) level.index += 1;
    } else if (isChanged(token)) return { path: pathOf(levels, root), written: token, read: Number(token) };
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
  const steps = levels.map((level) => ('key' in level ? `.${JSON.parse(level.key)}` : `[${level.index}]`));
  return `${root}${steps.join('')}`.replace(/^\./, '');
}

/** A producer may write a million digits. */
const SHOWN = 200;

/** Names the number, what it would become, and what its sender does about it. */
export const inWords = ({ path, written, read }: ChangedNumber) =>
  `${beginningOf(path, SHOWN)} is ${beginningOf(written, SHOWN)}, which is read as ${read}: send it as a string`;

/** Far beyond any honest event, and far from where writing JSON ends the stack. */
const MAX_LEVELS = 1_000;

/** True when a value that was read as JSON cannot safely be written as JSON again: reading has no such limit. */
export const isTooDeep = (value: Json) => isDeeperThan(value, MAX_LEVELS);
