/** Cold starts, from loading the bundle to the end of the first event: a new process for each sample, the contestants in turns. */
import { FUNCTION_FIGURES } from '../template-src/defaults';
import type { Comparison } from './comparison';
import { type Contestant, kilobytes } from './contestants';
import { freshEvent, MEASURED, type MeasuredKey, ORDINARY } from './events';
import { MEGABYTES_OF_ONE_CPU, measureLimited } from './limited-function';
import { ratio } from './statistics';
import { milliseconds, type Table, times } from './table';

/** Milliseconds. */
interface ColdStart {
  readonly init: number;
  /** The first event. */
  readonly first: number;
}

/** Samples of one contestant with a function's event. */
interface Run {
  readonly key: MeasuredKey;
  readonly contestant: Contestant;
  /** With the share of a processor that the function's memory has. */
  readonly limited: ColdStart[];
  /** With a whole processor. */
  readonly unlimited: ColdStart[];
}

type Group = readonly [own: Run, raw: Run, sdk: Run, full: Run];

const totals = (starts: readonly ColdStart[]) => starts.map(({ init, first }) => init + first);

/** @throws UserError where the processor share cannot be limited */
export async function measureCold(comparison: Comparison): Promise<Table> {
  const { functions, baselines, rounds } = comparison;
  const groups = MEASURED.map((key): Group => {
    const run = (contestant: Contestant): Run => ({ key, contestant, limited: [], unlimited: [] });
    return [run(functions[key]), run(baselines.raw), run(baselines.sdk), run(baselines.full)];
  });
  // The first round fills the file cache.
  for (let round = -1; round < rounds; round += 1) {
    for (const { key, contestant, limited, unlimited } of groups.flat()) {
      const start = (megabytes: number) => coldStart(contestant, ORDINARY[key].fixture, megabytes, comparison);
      const samples = [await start(FUNCTION_FIGURES[key].memory), await start(MEGABYTES_OF_ONE_CPU)] as const;
      if (round < 0) continue;
      limited.push(samples[0]);
      unlimited.push(samples[1]);
    }
  }
  return {
    head: [
      ...['', 'KB', 'init, ms', 'first event, ms', 'both, ms', 'to the SDK alone', 'to the full set', 'to raw'],
      ...['both without the share, ms', 'to the SDK alone'],
    ],
    rows: groups.flatMap((group) => group.map((run) => row(run, group))),
  };
}

/** The functions' rows, without sizes and the figures without the share. */
export const summaryOf = ({ head, rows }: Table): Table => ({
  head: [head[0] ?? '', ...head.slice(2, 8)],
  rows: rows.filter(([name]) => name?.startsWith('**')).map((cells) => [cells[0] ?? '', ...cells.slice(2, 8)]),
});

const row = ({ key, contestant, limited, unlimited }: Run, [own, raw, sdk, full]: Group) => [
  contestant === own.contestant ? `**${key}**` : `${contestant.name}, same event`,
  String(kilobytes(contestant)),
  milliseconds(limited.map(({ init }) => init)),
  milliseconds(limited.map(({ first }) => first)),
  milliseconds(totals(limited)),
  ...[sdk, full, raw].map((base) => ratioTo(limited, base.limited)),
  milliseconds(totals(unlimited)),
  ratioTo(unlimited, sdk.unlimited),
];

const ratioTo = (starts: readonly ColdStart[], base: readonly ColdStart[]) =>
  starts === base ? '1' : times(ratio(totals(starts), totals(base)));

const coldStart = (contestant: Contestant, fixture: string, megabytes: number, comparison: Comparison) =>
  measureLimited(contestant, megabytes, comparison, async ({ init, handle }): Promise<ColdStart> => {
    const [first = Number.NaN] = await handle([freshEvent(fixture)]);
    return { init, first };
  });
