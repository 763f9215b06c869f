import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Trouble } from '../local/trouble';

export interface Tools {
  /** The folder whose node_modules has the baselines' packages. */
  readonly folder: string;
  /** A Node of the functions' major if there is one for this machine, else the one that runs this. */
  readonly node: string;
  readonly nodeVersion: string;
}

/**
 * What the benchmarks compare with, and the Node that the functions run on.
 * @throws Trouble unless `npm run bench` installed them
 */
export function findTools(): Tools {
  const folder = process.env['BENCH_PACKAGES'];
  if (!folder) throw new Trouble('BENCH_PACKAGES is not set: start this by `npm run bench`');
  const own = path.join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  const node = existsSync(own) ? own : process.execPath;
  const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { folder, node, nodeVersion };
}
