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

/**
 * A process that handles events at the share of a processor that Lambda gives to a memory setting, by a control group of Linux. It is loaded
 * unhindered: Lambda gives a start a whole processor (serverlessland.com, "Effectively running Java on Serverless").
 */
export class HeldFunction {
  private constructor(
    private readonly child: ChildProcess,
    private readonly groups: string,
    private readonly group: string,
    /** Milliseconds to load the bundle. */
    readonly init: number,
  ) {}

  /** @throws UserError where no control group can be made (not Linux, or not root) */
  static async load(contestant: Contestant, megabytes: number, comparison: Comparison): Promise<HeldFunction> {
    const groups = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((folder) => existsSync(folder)) ?? '';
    // One name a setting: what an interrupted run left behind is used again, and removed.
    const group = path.join(groups, `logistics-bench-${megabytes}`);
    const quota = Math.round((PERIOD * megabytes) / MEGABYTES_OF_ONE_CPU);
    // The greatest weight: the quota alone holds it back, nothing else that runs on this machine.
    try {
      mkdirSync(group, { recursive: true });
      if (groups.endsWith('cpu')) {
        writeFileSync(path.join(group, 'cpu.cfs_period_us'), String(PERIOD));
        writeFileSync(path.join(group, 'cpu.cfs_quota_us'), String(quota));
        writeFileSync(path.join(group, 'cpu.shares'), '262144');
      } else {
        writeFileSync(path.join(group, 'cpu.max'), `${quota} ${PERIOD}`);
        writeFileSync(path.join(group, 'cpu.weight'), '10000');
      }
    } catch {
      if (existsSync(group)) rmdirSync(group);
      throw new UserError('this needs a control group of Linux: run it as root, or leave it out');
    }
    const child = startFunction(contestant, comparison);
    const { init } = await ask<Handled>(child, []);
    return new HeldFunction(child, groups, group, init);
  }

  /** Handles events at the share; answers the milliseconds of each. */
  async handle(events: readonly object[]): Promise<readonly number[]> {
    this.moveTo(this.group);
    const { durations } = await ask<Handled>(this.child, events);
    this.moveTo(this.groups);
    return durations;
  }

  /** Handles events at full speed, until the process is warm. */
  async warmUp(events: readonly object[]): Promise<void> {
    await ask(this.child, events);
  }

  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
    rmdirSync(this.group);
  }

  private moveTo(group: string): void {
    writeFileSync(path.join(group, 'cgroup.procs'), String(this.child.pid));
  }
}
