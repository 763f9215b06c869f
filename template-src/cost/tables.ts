import { grouped } from '../grouped';
import { growth, idle, type Line, total, used } from './bill';

/** The volumes the document speaks of, in events a day. */
export const VOLUMES = [1_500, 1_000_000] as const;

export const dollars = (amount: number) => `$${grouped(amount, 2)}`;

const row = ({ what, how, dollars: amount }: Line) => `| ${what} | ${how} | ${dollars(amount)} |`;

function table(title: string, lines: readonly Line[]): string[] {
  return [
    `### ${title}`,
    '',
    '| | | a month |',
    '| --- | --- | --- |',
    ...lines.map(row),
    `| **sum** | | **${dollars(total(lines))}** |`,
    '',
  ];
}

/** The bills, as docs/cost.md shows them. */
export const costTables = [
  ...table('Idle', idle),
  ...VOLUMES.flatMap((volume) => [
    ...table(`${grouped(volume)} events a day`, [{ what: 'idle', how: '', dollars: total(idle) }, ...used(volume)]),
    `The log is kept: each month of this adds ${dollars(growth(volume))} to every later month.`,
    '',
  ]),
].join('\n');
