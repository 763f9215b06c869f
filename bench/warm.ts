/** Warm functions: CPU time of an event, measured in turns with the baselines. */
import type { EventFunctionKey } from '../contracts/functions';
import type { Comparison } from './comparison';
import type { Contestant } from './contestants';
import { freshEvent } from './events';
import { type Handled, startFunction } from './limited-function';
import { ask } from './process';
import { median, ratio } from './statistics';
import { milliseconds, type Table, times } from './table';

const CASES: readonly (readonly [title: string, key: EventFunctionKey, fixture: string, calls: number])[] = [
  ['a new shipment', 'shipment-processor', 'shipment-processor/created', 2],
  ['an update', 'status-updater', 'status-updater/in-transit', 2],
  ['an update that notifies', 'status-updater', 'status-updater/delivered', 4],
  ['an error event', 'notification-handler', 'notification-handler/processing-error', 3],
];

export async function measureWarm(comparison: Comparison): Promise<Table> {
  const { raw, sdk } = comparison.baselines;
  const rows: string[][] = [];
  for (const [title, key, fixture, calls] of CASES) {
    const contestants = [comparison.functions[key], raw, sdk];
    const load = { fixture, padding: 0, batch: 300, warmUp: 1_500 };
    const samples = await inTurns(contestants, load, comparison);
    const [ofOwn = [], ofRaw = [], ofSdk = []] = samples;
    rows.push([
      title,
      String(calls),
      ...samples.map(milliseconds),
      times(ratio(ofOwn, ofSdk)),
      times(ratio(ofOwn, ofRaw)),
    ]);
  }
  return {
    head: ['', 'calls', 'ours, CPU ms', 'raw, CPU ms', 'the SDK alone, CPU ms', 'ours to the SDK alone', 'ours to raw'],
    rows,
  };
}

const PAYLOADS = [1, 16, 64, 256] as const;

/** CPU time of an update by its size, and the events that one core could handle without waiting. */
export async function measurePayload(comparison: Comparison): Promise<Table> {
  const contestants = [comparison.functions['status-updater'], comparison.baselines.sdk];
  const rows: string[][] = [];
  for (const kilobytes of PAYLOADS) {
    const load = { fixture: 'status-updater/in-transit', padding: kilobytes * 1_024, batch: 50, warmUp: 500 };
    const [own = [], sdk = []] = await inTurns(contestants, load, comparison);
    const perSecond = (1_000 / median(own)).toFixed(0);
    rows.push([`${kilobytes} KB`, milliseconds(own), perSecond, milliseconds(sdk), times(ratio(own, sdk))]);
  }
  return {
    head: ['metadata', 'ours, CPU ms', 'events a second a core', 'the SDK alone, CPU ms', 'ours to the SDK alone'],
    rows,
  };
}

interface Load {
  readonly fixture: string;
  readonly padding: number;
  /** Events of one measurement. */
  readonly batch: number;
  /** Events before the first measurement. */
  readonly warmUp: number;
}

/** Average CPU time of an event in each batch, by contestant. */
async function inTurns(
  contestants: readonly Contestant[],
  { fixture, padding, batch: size, warmUp }: Load,
  comparison: Comparison,
): Promise<number[][]> {
  const children = contestants.map((contestant) => startFunction(contestant, comparison));
  const batch = (length: number) => Array.from({ length }, () => freshEvent(fixture, padding));
  try {
    for (const child of children) await ask(child, batch(warmUp));
    const samples: number[][] = contestants.map(() => []);
    for (let round = 0; round < comparison.rounds; round += 1) {
      for (const [index, child] of children.entries()) {
        samples[index]?.push((await ask<Handled>(child, batch(size))).cpu);
      }
    }
    return samples;
  } finally {
    for (const child of children) child.kill();
  }
}
