import { CONTROL_CHARACTERS, jsonEscape, shellWord, withInertIds } from '../../contracts/shell';
import { beginningOf, describeJson, isDeeperThan, isObject } from '../../src/domain/json';

/** Output of a command: results go to stdout, everything else to stderr. */
export interface Print {
  /** Prints the account, region and resource that the command works on. */
  target(text: string): void;
  note(text: string): void;
  /** Prints results of one kind as they arrive. A table has the given columns, by default all; JSON always has every field. */
  rows(results: readonly object[], columns?: readonly string[]): void;
  result(result: object): void;
}

type Out = NodeJS.WritableStream & { hasColors?(): boolean };

/** Replaces control characters, which must not reach a terminal: values come from producers. */
export const sanitize = (text: string) => text.replace(CONTROL_CHARACTERS, '\uFFFD');

/** A whole JSON escape, so that the character after an escaped backslash is not taken for part of one. */
const ESCAPE = /\\(?:u[\da-f]{4}|.)/g;

/**
 * The same JSON without control characters, of which JSON.stringify escapes only the ASCII ones. A lone surrogate becomes U+FFFD, because jq
 * and others stop reading at it.
 */
const sanitizeJson = (json: string) =>
  json
    .replace(ESCAPE, (found) => (/^.ud[89a-f]/.test(found) ? '\\ufffd' : found))
    .replace(CONTROL_CHARACTERS, (found) => found.split('').map(jsonEscape).join(''));

/** Columns and fields whose values operators copy into commands: shell-quoted and never truncated. */
const COPIED = /_id$|^(message|shipment|event|at|was|becomes)$/;

const isCopied = (name: string, value: unknown): value is string =>
  typeof value === 'string' && value !== '' && COPIED.test(name);

/** Longer free text is truncated. */
const MAX_CELL = 200;

/** Column with the command to type next. Truncated, it could be another command. */
const NEXT = 'next';

function cell(name: string, value: unknown): string {
  if (isCopied(name, value)) return shellWord(value);
  const text = sanitize(textOf(value));
  return text.length <= MAX_CELL || name === NEXT ? text : `${beginningOf(text, MAX_CELL - 1)}…`;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (Array.isArray(value))
    return value.map((element) => (Array.isArray(element) ? jsonOf(element) : textOf(element))).join(', ') || '-';
  return isObject(value) ? jsonOf(value) : String(value);
}

const jsonOf = (value: object) => withInertIds(describeJson(value));

const COLOURS = { bold: '1', red: '31', green: '32', yellow: '33' } as const;

const STATE_COLOURS: Readonly<Record<string, keyof typeof COLOURS>> = {
  ok: 'green',
  attention: 'red',
  unknown: 'yellow',
  refused: 'red',
  held: 'green',
  differs: 'red',
  'not tried': 'yellow',
};

/** Colours text on a terminal, unless TERM or NO_COLOR (no-color.org) rules it out. */
function paintFor(out: Out) {
  const hasColour = out.hasColors?.();
  return (text: string, colour: keyof typeof COLOURS | undefined) =>
    hasColour && colour ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
}

/**
 * Prints for operators: results of one kind as a table, a single result as `name  value` lines. Columns are aligned page by page and never get
 * narrower, so that memory does not grow with the table.
 */
export function forPeople(out: Out, err: NodeJS.WritableStream): Print {
  const paint = paintFor(out);
  let names: readonly string[] | undefined;
  let widths: number[] = [];

  const line = (cells: readonly string[], colourOf: (text: string) => keyof typeof COLOURS | undefined) => {
    // The last column is free text and needs no padding.
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

/** Deeper values are printed on one line. */
const MAX_INDENTED = 30;

/** A value without truncation; an object as indented JSON, each line sanitized. */
function inFull(name: string, value: unknown): string {
  if (isCopied(name, value)) return shellWord(value);
  if (!isObject(value) || isDeeperThan(value, MAX_INDENTED)) return sanitize(textOf(value));
  return withInertIds(JSON.stringify(value, null, 2))
    .split('\n')
    .map(sanitizeJson)
    .join('\n');
}

/** Prints for programs: one JSON value a line. */
export function forPrograms(out: Out, err: NodeJS.WritableStream): Print {
  const write = (result: object) => void out.write(`${sanitizeJson(JSON.stringify(result))}\n`);
  return { ...forPeople(out, err), rows: (results) => results.forEach(write), result: write };
}
