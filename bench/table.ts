import { markdownTable } from '../lib/markdown';
import { quantile, type Spread } from './statistics';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const figure = (value: number) => value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0);

/** `61 (58 to 75)`: the median, and the range of the middle 90 % of the samples. */
export const milliseconds = (samples: readonly number[]): string =>
  `${figure(quantile(samples, 0.5))} (${figure(quantile(samples, 0.05))} to ${figure(quantile(samples, 0.95))})`;

/** `0.57 (0.55 to 0.60)` */
export const times = ({ median, least, greatest }: Spread) =>
  `${median.toFixed(2)} (${least.toFixed(2)} to ${greatest.toFixed(2)})`;

/** As Markdown, in columns that are aligned on a terminal, too. */
export const markdown = ({ head, rows }: Table) => markdownTable(head, rows, true);
