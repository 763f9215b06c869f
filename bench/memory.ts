/**
 * The memory sweep: each function held to the share of a processor that Lambda gives to each memory setting, and what an event then
 * costs. It is loaded unhindered: Lambda does not hold back the start of a process.
 */
import { once } from 'node:events';
import type { FunctionKey } from '../contracts/functions';
import { Trouble } from '../local/trouble';
import { PRICES } from '../template-src/cost/prices';
import { FUNCTION_FIGURES } from '../template-src/defaults';
import type { Comparison } from './comparison';
import { CpuQuota } from './cpu-quota';
import { freshEvent, ORDINARY } from './events';
import { ask, start } from './process';
import { median } from './statistics';
import { lambdaEnvironment } from './subjects';
import type { Table } from './table';

/** Milliseconds that a call waits for AWS, beyond what the stub takes: an assumption, of the order that AWS states for DynamoDB. */
const WAIT = 4;

const CALLS: Readonly<Record<FunctionKey, number>> = {
  'shipment-processor': 2,
  'status-updater': 2,
  'notification-handler': 3,
};

/** Billed by the millisecond, begun ones in full. */
export const billedMilliseconds = (key: FunctionKey, warm: number) => Math.ceil(warm + WAIT * CALLS[key]);

const SETTINGS = [128, 256, 512, 1_024, 1_769] as const;

/** Events until a process is warm, and events that are measured. */
const WARM_UP = 1_000;
const EVENTS = 60;

interface Swept {
  /** Milliseconds by the clock, of the first event and of one among many. */
  readonly first: number;
  readonly warm: number;
}

/** @throws Trouble where the processor cannot be held back */
export async function measureMemory(comparison: Comparison): Promise<Table> {
  const rows: string[][] = [];
  for (const key of Object.keys(comparison.functions) as FunctionKey[]) {
    for (const megabytes of SETTINGS) {
      const { first, warm } = await sweep(key, megabytes, comparison);
      const price = (billedMilliseconds(key, warm) / 1_000) * (megabytes / 1_024) * PRICES.lambdaGigabyteSecond;
      const chosen = FUNCTION_FIGURES[key].memory === megabytes;
      const cells = [String(megabytes), first.toFixed(0), warm.toFixed(1), `$${(price * 1e6).toFixed(3)}`];
      rows.push([key, ...cells].map((cell) => (chosen ? `**${cell}**` : cell)));
    }
  }
  return {
    head: ['', 'MB', 'first event, ms', 'a warm event, ms', `duration of a million, with ${WAIT} ms of waiting a call`],
    rows,
  };
}

async function sweep(key: FunctionKey, megabytes: number, { functions, stub, node }: Comparison): Promise<Swept> {
  const firsts: number[] = [];
  const warms: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const quota = CpuQuota.of(megabytes);
    if (!quota) throw new Trouble('the memory sweep needs a control group of Linux: run it as root, or leave it out');
    const env = lambdaEnvironment(stub);
    const child = start('bench/limited.cjs', functions[key].file, node, env);
    try {
      // No events: the answer says that it is loaded.
      await ask<number[]>(child, []);
      const pid = child.pid ?? 0;
      const batch = (size: number) => Array.from({ length: size }, () => freshEvent(ORDINARY[key]));
      quota.hold(pid);
      firsts.push(...(await ask<number[]>(child, batch(1))));
      quota.release(pid);
      await ask(child, batch(WARM_UP));
      quota.hold(pid);
      const durations = await ask<number[]>(child, batch(EVENTS));
      warms.push(durations.reduce((sum, one) => sum + one, 0) / EVENTS);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
      quota.remove();
    }
  }
  return { first: median(firsts), warm: median(warms) };
}
