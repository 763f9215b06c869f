import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';
import { type Comparison, NODE } from './comparison';
import { type Contestant, lambdaEnvironment } from './contestants';
import { ask } from './process';

/** Memory at which Lambda gives a function one processor; below it, a proportional share. */
export const MEGABYTES_OF_ONE_CPU = 1_769;

/** Microseconds to which the quota applies. */
const PERIOD = 20_000;

/** Reply of a process to a list of events: milliseconds of loading, of each event, and of CPU time. */
export interface Handled {
  readonly init: number;
  readonly durations: readonly number[];
  /** Average CPU time of an event. */
  readonly cpu: number;
}

/** Starts a contestant in its own process, without its logs. */
export const startFunction = ({ file }: Contestant, { stub }: Comparison): ChildProcess =>
  fork('bench/function.cjs', [file], {
    execPath: NODE,
    execArgv: [],
    env: lambdaEnvironment(stub),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });

interface LimitedFunction {
  readonly init: number;
  /** Handles events at full speed, until the process is warm. */
  warmUp(events: readonly object[]): Promise<unknown>;
  /** Handles events at the limited speed. @returns the milliseconds of each */
  handle(events: readonly object[]): Promise<readonly number[]>;
}

/**
 * Measures a process that handles events with the processor share of a memory setting on Lambda, by a control group of Linux. It loads at full
 * speed: Lambda gives a start a whole processor (serverlessland.com, "Effectively running Java on Serverless").
 * @throws UserError where a control group cannot be created (not Linux, or not root)
 */
export async function measureLimited<T>(
  contestant: Contestant,
  megabytes: number,
  comparison: Comparison,
  measure: (limited: LimitedFunction) => Promise<T>,
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

/** Creates a control group with the share of a memory setting. @returns its folder */
function makeGroup(groups: string, megabytes: number): string {
  // One name for each setting, so that a group of an interrupted run is used again and then removed.
  const group = path.join(groups, `logistics-bench-${megabytes}`);
  const quota = Math.round((PERIOD * megabytes) / MEGABYTES_OF_ONE_CPU);
  // The greatest weight, so that only the quota limits the process, not other processes.
  const settings = groups.endsWith('cpu')
    ? { 'cpu.cfs_period_us': PERIOD, 'cpu.cfs_quota_us': quota, 'cpu.shares': 262_144 }
    : { 'cpu.max': `${quota} ${PERIOD}`, 'cpu.weight': 10_000 };
  try {
    mkdirSync(group, { recursive: true });
    for (const [name, value] of Object.entries(settings)) writeFileSync(path.join(group, name), String(value));
    return group;
  } catch {
    if (existsSync(group)) rmdirSync(group);
    throw new UserError('this needs a control group of Linux: run it as root, or leave this topic out');
  }
}
