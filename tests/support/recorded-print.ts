import type { Print } from '../../cli/terminal/output';

/** Output of a command that a test calls as a function: lines of text, and rows. */
export function recordedPrint() {
  const lines: string[] = [];
  const rows: Record<string, unknown>[] = [];
  const print: Print = {
    target: (text) => lines.push(text),
    note: (text) => lines.push(text),
    rows: (results) => rows.push(...results.map((row) => ({ ...row }))),
    result: () => undefined,
  };
  return { lines, rows, print };
}
