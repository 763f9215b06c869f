import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { ownNode, toolFolder } from '../lib/tools.mjs';

export interface Tools {
  /** The folder whose node_modules has the baselines' packages. */
  readonly folder: string;
  /** A Node of the functions' major. */
  readonly node: string;
  readonly nodeVersion: string;
}

/** Packages that the benchmarks compare with, and the Node that the functions run on, as set-up installs them. */
export function findTools(): Tools {
  const node = path.resolve(ownNode());
  const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { folder: path.resolve(toolFolder('bench')), node, nodeVersion };
}
