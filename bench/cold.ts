/** Cold starts: a new process for each sample, in turns, from loading the bundle to the end of its first event. */
import type { FunctionKey } from '../contracts/functions';
import type { Comparison } from './comparison';
import { freshEvent, ORDINARY } from './events';
import { ask, start } from './process';
import { ratio } from './statistics';
import { kilobytes, lambdaEnvironment, type Subject } from './subjects';
import { milliseconds, type Table, times } from './table';

/** Milliseconds. */
interface Sample {
  readonly init: number;
  readonly first: number;
  readonly cpu: number;
}

interface Run {
  readonly subject: Subject;
  readonly samples: Sample[];
}

const totals = ({ samples }: Run) => samples.map(({ init, first }) => init + first);

export async function measureCold(comparison: Comparison): Promise<Table> {
  const { functions, baselines, rounds } = comparison;
  const keys = Object.keys(functions) as FunctionKey[];
  const groups = keys.map((key) => ({
    key,
    own: runOf(functions[key]),
    raw: runOf(baselines.raw),
    sdk: runOf(baselines.sdk),
    full: runOf(baselines.full),
  }));
  // The first round fills the file cache.
  for (let round = -1; round < rounds; round += 1) {
    for (const { key, own, raw, sdk, full } of groups) {
      for (const run of [own, raw, sdk, full]) {
        const sample = await coldStart(run.subject, ORDINARY[key], comparison);
        if (round >= 0) run.samples.push(sample);
      }
    }
  }
  const rows = groups.flatMap(({ key, own, raw, sdk, full }) => [
    row(`**${key}**`, own, [sdk, full, raw]),
    ...[raw, sdk, full].map((run) => row(`${run.subject.name}, same event`, run, [sdk, full, raw])),
  ]);
  return {
    head: ['', 'KB', 'init, ms', 'init + first event, ms', 'CPU, ms', 'to the SDK alone', 'to the full set', 'to raw'],
    rows,
  };
}

const runOf = (subject: Subject): Run => ({ subject, samples: [] });

const row = (name: string, run: Run, bases: readonly Run[]) => [
  name,
  String(kilobytes(run.subject)),
  milliseconds(run.samples.map(({ init }) => init)),
  milliseconds(totals(run)),
  milliseconds(run.samples.map(({ cpu }) => cpu)),
  ...bases.map((base) => (base === run ? '1' : times(ratio(totals(run), totals(base))))),
];

function coldStart({ file }: Subject, fixture: string, { node, stub }: Comparison): Promise<Sample> {
  const child = start('bench/sample.cjs', file, node, lambdaEnvironment(stub));
  return ask<Sample>(child, freshEvent(fixture));
}
