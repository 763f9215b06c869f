/**
 * The memory sweep: each function held to the share of a processor that Lambda gives to each memory setting, and what an event then
 * costs. It is loaded unhindered: Lambda does not hold back the start of a process.
 */
import { FUNCTION_FIGURES } from '../template-src/defaults';
import { PRICES } from '../tools/cost/prices';
import { freshEvent, MEASURED, type MeasuredKey, ORDINARY } from './events';
import { measureHeld } from './held-function';
import type { Comparison } from './run';
import { mean, median } from './statistics';
import type { Table } from './table';

/** Milliseconds that a call waits for AWS, beyond what the stub takes: an assumption, of the order that AWS states for DynamoDB. */
const WAIT = 4;

/** Billed by the millisecond, begun ones in full. */
const billedMilliseconds = (key: MeasuredKey, busy: number, events = 1) =>
  Math.ceil(busy + events * WAIT * ORDINARY[key].calls);

const SETTINGS = [128, 256, 512, 1_024, 1_769] as const;

/** Events until a process is warm, and events that are measured. */
const WARM_UP = 1_000;
const EVENTS = 60;

/** Processes of each function at each setting. */
const ROUNDS = 5;

/** Milliseconds by the clock: to load, of the first event, of one among many. */
interface Swept {
  readonly init: number;
  readonly first: number;
  readonly warm: number;
}

/** @throws UserError where the processor cannot be held back */
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
        // Priming makes the calls of an event.
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

async function sweep(key: MeasuredKey, megabytes: number, comparison: Comparison): Promise<Swept> {
  const batch = (size: number) => Array.from({ length: size }, () => freshEvent(ORDINARY[key].fixture));
  const samples: Swept[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    samples.push(
      await measureHeld(comparison.functions[key], megabytes, comparison, async ({ init, warmUp, handle }) => {
        const [first = Number.NaN] = await handle(batch(1));
        await warmUp(batch(WARM_UP));
        return { init, first, warm: mean(await handle(batch(EVENTS))) };
      }),
    );
  const middle = (of: keyof Swept) => median(samples.map((sample) => sample[of]));
  return { init: middle('init'), first: middle('first'), warm: middle('warm') };
}
