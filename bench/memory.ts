/**
 * The memory sweep: duration and cost of an event with the processor share of each memory setting. Functions load at full speed, as on
 * Lambda.
 */
import { FUNCTION_FIGURES } from '../template-src/defaults';
import { PRICES } from '../tools/cost/prices';
import type { Comparison } from './comparison';
import { freshEvent, MEASURED, type MeasuredKey, ORDINARY } from './events';
import { measureLimited } from './limited-function';
import { mean, median } from './statistics';
import type { Table } from './table';

/** Milliseconds that a call waits for AWS longer than for the stub. An assumption, of the order that AWS states for DynamoDB. */
const WAIT = 4;

const billedMilliseconds = (key: MeasuredKey, busy: number, events = 1) =>
  Math.ceil(busy + events * WAIT * ORDINARY[key].calls);

const SETTINGS = [128, 256, 512, 1_024, 1_769] as const;

/** Events until a process is warm. */
const WARM_UP = 1_000;
/** Events that are then measured. */
const EVENTS = 60;

/** Processes of each function for each setting: fewer than of the other topics, since one takes five seconds. */
export const MEMORY_ROUNDS = 5;

interface Durations {
  readonly init: number;
  readonly first: number;
  readonly warm: number;
}

/** @throws UserError where the processor share cannot be limited */
export async function measureMemory(comparison: Comparison): Promise<Table> {
  const rows: string[][] = [];
  for (const key of MEASURED) {
    for (const megabytes of SETTINGS) {
      const { init, first, warm } = await sweep(key, megabytes, comparison);
      const price = (billed: number) =>
        `$${((billed / 1_000) * (megabytes / 1_024) * PRICES.lambdaGigabyteSecond * 1e6).toFixed(3)}`;
      const chosen = FUNCTION_FIGURES[key].memory === megabytes;
      const cells = [
        ...[String(megabytes), warm.toFixed(1), price(billedMilliseconds(key, warm))],
        // Priming makes the calls of one more event.
        ...[init.toFixed(0), first.toFixed(0), price(billedMilliseconds(key, init + first, 2))],
      ];
      rows.push([key, ...cells].map((cell) => (chosen ? `**${cell}**` : cell)));
    }
  }
  return {
    head: [
      ...['', 'MB', 'a warm event, ms', `duration of a million, with ${WAIT} ms of waiting a call`],
      ...['init, ms', 'first event, ms', 'both of a million starts'],
    ],
    rows,
  };
}

async function sweep(key: MeasuredKey, megabytes: number, comparison: Comparison): Promise<Durations> {
  const batch = (size: number) => Array.from({ length: size }, () => freshEvent(ORDINARY[key].fixture));
  const samples: Durations[] = [];
  for (let round = 0; round < MEMORY_ROUNDS; round += 1)
    samples.push(
      await measureLimited(comparison.functions[key], megabytes, comparison, async ({ init, warmUp, handle }) => {
        const [first = Number.NaN] = await handle(batch(1));
        await warmUp(batch(WARM_UP));
        return { init, first, warm: mean(await handle(batch(EVENTS))) };
      }),
    );
  const medianOf = (duration: keyof Durations) => median(samples.map((sample) => sample[duration]));
  return { init: medianOf('init'), first: medianOf('first'), warm: medianOf('warm') };
}
