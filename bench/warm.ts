/** Warm functions: CPU of one event among many, of the function and of the plainest SDK code that makes the same calls, in turns. */
import type { FunctionKey } from '../contracts/functions';
import type { Comparison } from './comparison';
import { freshEvent } from './events';
import { ask, start } from './process';
import { ratio } from './statistics';
import { lambdaEnvironment, type Subject } from './subjects';
import { milliseconds, type Table, times } from './table';

/** Events of one measurement, and those before the first one. */
const BATCH = 300;
const WARM_UP = 1_500;

const CASES: readonly (readonly [what: string, key: FunctionKey, fixture: string, calls: number])[] = [
  ['a new shipment', 'shipment-processor', 'shipment-processor/created', 2],
  ['an update', 'status-updater', 'status-updater/in-transit', 2],
  ['an update that notifies', 'status-updater', 'status-updater/delivered', 4],
  ['an error event', 'notification-handler', 'notification-handler/critical-error', 3],
];

export async function measureWarm({ functions, baselines, stub, node, rounds }: Comparison): Promise<Table> {
  const env = lambdaEnvironment(stub.endpoint, stub.certificate);
  const rows: string[][] = [];
  for (const [what, key, fixture, calls] of CASES) {
    const samples = await inTurns([functions[key], baselines.raw, baselines.sdk], fixture, rounds, (subject) =>
      start('bench/warm.cjs', subject.file, node, env),
    );
    const [own = [], raw = [], sdk = []] = samples;
    rows.push([
      what,
      String(calls),
      ...[own, raw, sdk].map(milliseconds),
      times(ratio(own, sdk)),
      times(ratio(own, raw)),
    ]);
  }
  return {
    head: ['', 'calls', 'ours, CPU ms', 'raw, CPU ms', 'the SDK alone, CPU ms', 'ours to the SDK alone', 'ours to raw'],
    rows,
  };
}

/** The CPU of an event in each batch, by subject. */
async function inTurns(
  subjects: readonly Subject[],
  fixture: string,
  rounds: number,
  startOne: (subject: Subject) => ReturnType<typeof start>,
): Promise<number[][]> {
  const children = subjects.map(startOne);
  const batch = (size: number) => Array.from({ length: size }, () => freshEvent(fixture));
  try {
    for (const child of children) await ask(child, batch(WARM_UP));
    const samples: number[][] = subjects.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, child] of children.entries()) {
        samples[index]?.push(await ask<number>(child, batch(BATCH)));
      }
    }
    return samples;
  } finally {
    for (const child of children) child.kill();
  }
}
