import { CONTROL_CHARACTERS, jsonEscape, shellWord, withInertIds } from '../../contracts/shell';
import { beginningOf, describeJson, isDeeperThan, isObject } from '../../src/domain/json';

/** Output of a command. Results go to stdout, everything else to stderr, so that a pipe gets results only. */
export interface Print {
  /** Which account, region and stack a command is about to touch. */
  target(text: string): void;
  note(text: string): void;
  /**
   * Some results of one kind, as soon as they are there. Readers see the given columns, or all of them; programs always get every
   * field.
   */
  rows(results: readonly object[], columns?: readonly string[]): void;
  /** The result of a command that has one. */
  result(result: object): void;
}

type Out = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Values come from producers: no control character may reach a terminal. */
export const sanitize = (text: string) => text.replace(CONTROL_CHARACTERS, '\uFFFD');

/** An escape of JSON as a whole, so that what follows an escaped backslash is not taken for one. */
const ESCAPE = /\\(?:u[\da-f]{4}|.)/g;

/**
 * A line of JSON with the same value and no control characters: JSON itself escapes only the oldest of them. Half a surrogate pair,
 * which JSON.stringify escapes, is U+FFFD instead: jq and others read no further than to it.
 */
const harmlessJson = (json: string) =>
  json
    .replace(ESCAPE, (found) => (/^.ud[89a-f]/.test(found) ? '\\ufffd' : found))
    .replace(CONTROL_CHARACTERS, (found) => found.split('').map(jsonEscape).join(''));

/** Columns and fields whose values are copied into commands: shown as a word of one, and never cut. */
const COPIED = /_id$|^(message|shipment|event|at|was|becomes)$/;

const isCopied = (name: string, value: unknown): value is string =>
  typeof value === 'string' && value !== '' && COPIED.test(name);

/** Free text is cut. */
const MAX_CELL = 200;

/** The column of what to type next: of a command, a beginning may be another command. */
const NEXT = 'next';

function cell(name: string, value: unknown): string {
  if (isCopied(name, value)) return shellWord(value);
  const text = sanitize(textOf(value));
  return text.length <= MAX_CELL || name === NEXT ? text : `${beginningOf(text, MAX_CELL - 1)}…`;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (Array.isArray(value))
    return value.map((each) => (Array.isArray(each) ? jsonOf(each) : textOf(each))).join(', ') || '-';
  return isObject(value) ? jsonOf(value) : String(value);
}

const jsonOf = (value: object) => withInertIds(describeJson(value));

const COLOURS = { bold: '1', red: '31', green: '32', yellow: '33' } as const;

/** Words that a column of states holds, as a reader looks for them. */
const STATE_COLOURS: Readonly<Record<string, keyof typeof COLOURS>> = {
  ok: 'green',
  attention: 'red',
  unknown: 'yellow',
  refused: 'red',
  held: 'green',
  differs: 'red',
  'not tried': 'yellow',
};

/** Colour is for terminals that have it, and whose owner has not said no (no-color.org). */
function paintFor(out: Out) {
  const hasColour = out.isTTY && process.env['TERM'] !== 'dumb' && !process.env['NO_COLOR'];
  return (text: string, colour: keyof typeof COLOURS | undefined) =>
    hasColour && colour ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
}

/**
 * For readers: a table for results of one kind, and `name  value` lines for a single one. Columns are aligned within what is printed
 * at once and never get narrower after it, so that a long table needs no more memory than its widest page.
 */
export function forPeople(out: Out, err: NodeJS.WritableStream): Print {
  const paint = paintFor(out);
  let names: readonly string[] | undefined;
  let widths: number[] = [];

  const line = (cells: readonly string[], colourOf: (text: string) => keyof typeof COLOURS | undefined) => {
    // The last column needs no padding: free text stands there.
    const padded = cells.map((text, index) =>
      paint(index === cells.length - 1 ? text : text.padEnd(widths[index] ?? 0), colourOf(text)),
    );
    out.write(`${padded.join('  ')}\n`);
  };

  return {
    target: (text) => err.write(`${sanitize(text)}\n`),
    note: (text) => err.write(`${sanitize(text)}\n`),
    rows(results, columns = Object.keys(results[0] ?? {})) {
      const table = results.map((result) => columns.map((name) => cell(name, Reflect.get(result, name))));
      if (table.length === 0) return;
      const isNew = names === undefined;
      names ??= columns;
      widths = names.map((name, index) =>
        table.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), widths[index] ?? name.length),
      );
      if (isNew) line(names, () => 'bold');
      for (const row of table) line(row, (text) => STATE_COLOURS[text]);
    },
    result(result) {
      const width = Math.max(...Object.keys(result).map((key) => key.length));
      for (const [key, value] of Object.entries(result))
        out.write(`${paint(key.padEnd(width), 'bold')}  ${inFull(key, value)}\n`);
    },
  };
}

/** Levels that are still readable; each further one indents all that is in it. */
const MAX_INDENTED = 30;

/** A single value, nothing cut; an object as indented JSON, each line sanitized like a cell. */
function inFull(name: string, value: unknown): string {
  if (isCopied(name, value)) return shellWord(value);
  if (!isObject(value) || isDeeperThan(value, MAX_INDENTED)) return sanitize(textOf(value));
  return withInertIds(JSON.stringify(value, null, 2))
    .split('\n')
    .map(harmlessJson)
    .join('\n');
}

/** For programs: one JSON value a line. */
export function forPrograms(out: Out, err: NodeJS.WritableStream): Print {
  const write = (result: object) => void out.write(`${harmlessJson(JSON.stringify(result))}\n`);
  return { ...forPeople(out, err), rows: (results) => results.forEach(write), result: write };
}
