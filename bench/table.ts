import { quantile, type Spread } from './statistics';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const figure = (value: number) => value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0);

/** `61 (58 to 75)`: the median, and between which values nine of ten samples lie. */
export const milliseconds = (samples: readonly number[]): string =>
  `${figure(quantile(samples, 0.5))} (${figure(quantile(samples, 0.05))} to ${figure(quantile(samples, 0.95))})`;

/** `0.57 (0.55 to 0.60)` */
export const times = ({ median, least, greatest }: Spread, decimals = 2) =>
  `${median.toFixed(decimals)} (${least.toFixed(decimals)} to ${greatest.toFixed(decimals)})`;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** As Markdown, in columns that line up on a terminal too. */
export function markdown({ head, rows }: Table): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((cells) => cells[column]?.length ?? 0), 3),
  );
  const padded = (cells: readonly string[]) => row(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return [padded(head), row(widths.map((width) => '-'.repeat(width))), ...rows.map(padded)].join('\n');
}
