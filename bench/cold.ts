/** Cold starts, from loading the bundle to the end of the first event: a new process for each sample, the contestants in turns. */
import { FUNCTION_FIGURES } from '../template-src/defaults';
import type { Comparison } from './comparison';
import { type Contestant, kilobytes } from './contestants';
import { freshEvent, MEASURED, ORDINARY } from './events';
import { MEGABYTES_OF_ONE_CPU, measureLimited } from './limited-function';
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
  /** With the share of a processor that the function's memory has. */
  readonly limited: ColdStart[];
  /** With a whole processor. */
  readonly unlimited: ColdStart[];
}

const totals = (starts: readonly ColdStart[]) => starts.map(({ init, first }) => init + first);

/** @throws UserError where the processor share cannot be limited */
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
      for (const { contestant, limited, unlimited } of [own, raw, sdk, full]) {
        const start = (megabytes: number) => coldStart(contestant, ORDINARY[key].fixture, megabytes, comparison);
        const samples = [await start(FUNCTION_FIGURES[key].memory), await start(MEGABYTES_OF_ONE_CPU)] as const;
        if (round < 0) continue;
        limited.push(samples[0]);
        unlimited.push(samples[1]);
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

const runOf = (contestant: Contestant): Run => ({ contestant, limited: [], unlimited: [] });

const row = (name: string, { contestant, limited, unlimited }: Run, bases: readonly [Run, Run, Run]) => [
  name,
  String(kilobytes(contestant)),
  milliseconds(limited.map(({ init }) => init)),
  milliseconds(limited.map(({ first }) => first)),
  milliseconds(totals(limited)),
  ...bases.map((base) => (base.limited === limited ? '1' : times(ratio(totals(limited), totals(base.limited))))),
  milliseconds(totals(unlimited)),
  bases[0].limited === limited ? '1' : times(ratio(totals(unlimited), totals(bases[0].unlimited))),
];

const coldStart = (contestant: Contestant, fixture: string, megabytes: number, comparison: Comparison) =>
  measureLimited(contestant, megabytes, comparison, async ({ init, handle }): Promise<ColdStart> => {
    const [first = Number.NaN] = await handle([freshEvent(fixture)]);
    return { init, first };
  });
