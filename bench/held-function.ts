import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';
import { type Contestant, lambdaEnvironment } from './contestants';
import { ask, start } from './process';
import type { Comparison } from './run';

/** Lambda gives a function one processor at this memory, and a share in proportion below it. */
export const MEGABYTES_OF_ONE_CPU = 1_769;

/** Microseconds in which the share is used up at most. */
const PERIOD = 20_000;

/** Answer of a process to a list of events; milliseconds. */
export interface Handled {
  /** To load the bundle. */
  readonly init: number;
  /** By the clock, of each event. */
  readonly durations: readonly number[];
  /** Of an event on average. */
  readonly cpu: number;
}

/** Starts a function, or what it is compared with, in a process of its own. */
export function startFunction({ file }: Contestant, { stub, node }: Comparison): ChildProcess {
  return start('bench/function.cjs', file, node, lambdaEnvironment(stub));
}

/** A function's process. */
interface HeldFunction {
  /** Milliseconds to load the bundle. */
  readonly init: number;
  /** Handles events at full speed, until the process is warm. */
  warmUp(events: readonly object[]): Promise<unknown>;
  /** Handles events at the share; answers the milliseconds of each. */
  handle(events: readonly object[]): Promise<readonly number[]>;
}

/**
 * Measures a process that handles events at the share of a processor that Lambda gives to a memory setting, by a control group of Linux. It
 * is loaded unhindered: Lambda gives a start a whole processor (serverlessland.com, "Effectively running Java on Serverless").
 * @throws UserError where no control group can be made (not Linux, or not root)
 */
export async function measureHeld<T>(
  contestant: Contestant,
  megabytes: number,
  comparison: Comparison,
  measure: (held: HeldFunction) => Promise<T>,
): Promise<T> {
  const groups = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((folder) => existsSync(folder)) ?? '';
  const group = makeGroup(groups, megabytes);
  const child = startFunction(contestant, comparison);
  const moveTo = (folder: string) => writeFileSync(path.join(folder, 'cgroup.procs'), String(child.pid));
  try {
    const { init } = await ask<Handled>(child, []);
    return await measure({
      init,
      warmUp: (events) => ask(child, events),
      async handle(events) {
        moveTo(group);
        const { durations } = await ask<Handled>(child, events);
        moveTo(groups);
        return durations;
      },
    });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmdirSync(group);
  }
}

/** The folder of a control group with the share of a memory setting. */
function makeGroup(groups: string, megabytes: number): string {
  // One name a setting: what an interrupted run left behind is used again, and removed.
  const group = path.join(groups, `logistics-bench-${megabytes}`);
  const quota = Math.round((PERIOD * megabytes) / MEGABYTES_OF_ONE_CPU);
  // The greatest weight: the quota alone holds it back, nothing else that runs on this machine.
  const settings = groups.endsWith('cpu')
    ? { 'cpu.cfs_period_us': PERIOD, 'cpu.cfs_quota_us': quota, 'cpu.shares': 262_144 }
    : { 'cpu.max': `${quota} ${PERIOD}`, 'cpu.weight': 10_000 };
  try {
    mkdirSync(group, { recursive: true });
    for (const [name, value] of Object.entries(settings)) writeFileSync(path.join(group, name), String(value));
    return group;
  } catch {
    if (existsSync(group)) rmdirSync(group);
    throw new UserError('this needs a control group of Linux: run it as root, or leave it out');
  }
}
