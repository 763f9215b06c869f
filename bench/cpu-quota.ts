import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Lambda gives a function one processor at this memory, and a share in proportion below it. */
const MEGABYTES_OF_ONE_CPU = 1_769;

/** Microseconds in which the share is used up at most. */
const PERIOD = 20_000;

/** A control group of Linux that holds a process to the share of a processor that Lambda gives to a memory setting. */
export class CpuQuota {
  private readonly folder: string;

  private constructor(
    private readonly root: string,
    megabytes: number,
  ) {
    // One name a setting: what an interrupted run left behind is used again, and removed.
    this.folder = path.join(root, `logistics-bench-${megabytes}`);
  }

  /** @returns undefined where no control group can be made (not Linux, or not root) */
  static of(megabytes: number): CpuQuota | undefined {
    const quota = Math.round((PERIOD * megabytes) / MEGABYTES_OF_ONE_CPU);
    const root = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((folder) => existsSync(folder)) ?? '';
    const group = new CpuQuota(root, megabytes);
    try {
      mkdirSync(group.folder, { recursive: true });
      if (root.endsWith('cpu')) {
        writeFileSync(path.join(group.folder, 'cpu.cfs_period_us'), String(PERIOD));
        writeFileSync(path.join(group.folder, 'cpu.cfs_quota_us'), String(quota));
      } else {
        writeFileSync(path.join(group.folder, 'cpu.max'), `${quota} ${PERIOD}`);
      }
      return group;
    } catch {
      group.remove();
      return undefined;
    }
  }

  /** Holds the process to the share from now on. */
  hold(pid: number): void {
    writeFileSync(path.join(this.folder, 'cgroup.procs'), String(pid));
  }

  /** Lets the process run as fast as it can. */
  release(pid: number): void {
    writeFileSync(path.join(this.root, 'cgroup.procs'), String(pid));
  }

  /** Takes the group away, once its process has ended. */
  remove(): void {
    if (existsSync(this.folder)) rmdirSync(this.folder);
  }
}
