/** What the benchmarks compare with, and the Node that the functions run on: apart from the project's own packages, and only for them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { npmCi } from './npm-ci.mjs';
import { ROOT } from './paths.mjs';
import { putInPlace, stagingOf, toolFolder } from './tool-folder.mjs';

const BENCH = path.join(ROOT, 'bench');

export const benchPackages = () =>
  toolFolder('bench', path.join(BENCH, 'package-lock.json'), `${process.platform}-${process.arch}`);

/** The step that installs them; undefined when they are there. */
export function benchPackagesStep() {
  const folder = benchPackages();
  if (existsSync(folder)) return undefined;
  const work = async () => {
    await npmCi(BENCH, stagingOf(folder));
    putInPlace(folder);
  };
  return { what: 'what the benchmarks compare with', folder, work };
}
