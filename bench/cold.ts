/** Cold starts: a new process for each sample, in turns, from loading the bundle to the end of its first event. */
import { FUNCTION_FIGURES } from '../template-src/defaults';
import { type Contestant, kilobytes } from './contestants';
import { freshEvent, MEASURED, ORDINARY } from './events';
import { MEGABYTES_OF_ONE_CPU, measureHeld } from './held-function';
import type { Comparison } from './run';
import { ratio } from './statistics';
import { milliseconds, type Table, times } from './table';

/** Milliseconds. */
interface ColdStart {
  readonly init: number;
  /** The first event. */
  readonly first: number;
}

interface Run {
  readonly contestant: Contestant;
  /** At the function's memory. */
  readonly held: ColdStart[];
  /** With a processor of its own for the first event too. */
  readonly unhindered: ColdStart[];
}

const totals = (starts: readonly ColdStart[]) => starts.map(({ init, first }) => init + first);

/** @throws UserError where the processor cannot be held back */
export async function measureCold(comparison: Comparison): Promise<Table> {
  const { functions, baselines, rounds } = comparison;
  const groups = MEASURED.map((key) => ({
    key,
    own: runOf(functions[key]),
    raw: runOf(baselines.raw),
    sdk: runOf(baselines.sdk),
    full: runOf(baselines.full),
  }));
  // The first round fills the file cache.
  for (let round = -1; round < rounds; round += 1) {
    for (const { key, own, raw, sdk, full } of groups) {
      for (const { contestant, held, unhindered } of [own, raw, sdk, full]) {
        const start = (megabytes: number) => coldStart(contestant, ORDINARY[key].fixture, megabytes, comparison);
        const samples = [await start(FUNCTION_FIGURES[key].memory), await start(MEGABYTES_OF_ONE_CPU)] as const;
        if (round < 0) continue;
        held.push(samples[0]);
        unhindered.push(samples[1]);
      }
    }
  }
  const rows = groups.flatMap(({ key, own, raw, sdk, full }) => [
    row(`**${key}**`, own, [sdk, full, raw]),
    ...[raw, sdk, full].map((run) => row(`${run.contestant.name}, same event`, run, [sdk, full, raw])),
  ]);
  return {
    head: [
      ...['', 'KB', 'init, ms', 'first event, ms', 'both, ms', 'to the SDK alone', 'to the full set', 'to raw'],
      ...['both without the share, ms', 'to the SDK alone'],
    ],
    rows,
  };
}

/** The functions' rows, without sizes and the figures without the share. */
export const summaryOf = ({ head, rows }: Table): Table => ({
  head: [head[0] ?? '', ...head.slice(2, 8)],
  rows: rows.filter(([name]) => name?.startsWith('**')).map((cells) => [cells[0] ?? '', ...cells.slice(2, 8)]),
});

const runOf = (contestant: Contestant): Run => ({ contestant, held: [], unhindered: [] });

const row = (name: string, { contestant, held, unhindered }: Run, bases: readonly [Run, Run, Run]) => [
  name,
  String(kilobytes(contestant)),
  milliseconds(held.map(({ init }) => init)),
  milliseconds(held.map(({ first }) => first)),
  milliseconds(totals(held)),
  ...bases.map((base) => (base.held === held ? '1' : times(ratio(totals(held), totals(base.held))))),
  milliseconds(totals(unhindered)),
  bases[0].held === held ? '1' : times(ratio(totals(unhindered), totals(bases[0].unhindered))),
];

const coldStart = (contestant: Contestant, fixture: string, megabytes: number, comparison: Comparison) =>
  measureHeld(contestant, megabytes, comparison, async ({ init, handle }): Promise<ColdStart> => {
    const [first = Number.NaN] = await handle([freshEvent(fixture)]);
    return { init, first };
  });
