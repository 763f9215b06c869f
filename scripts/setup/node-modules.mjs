import { existsSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { npmCi } from './npm-ci.mjs';
import { ROOT, TOOLS } from './paths.mjs';

const MODULES = path.join(ROOT, 'node_modules');

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** npm keeps a copy of the lockfile in node_modules, written last: it says what is really installed. */
function upToDate() {
  if (!existsSync(MODULES)) return false;
  // Linked from elsewhere: somebody else's to keep.
  if (lstatSync(MODULES).isSymbolicLink()) return true;
  const installed = path.join(MODULES, '.package-lock.json');
  if (!existsSync(installed)) return false;
  const present = packagesOf(installed);
  return Object.entries(packagesOf(path.join(ROOT, 'package-lock.json'))).every(
    ([name, { version, optional }]) =>
      name === '' || (optional && !present[name]) || present[name]?.version === version,
  );
}

/** The step that brings node_modules to the lockfile; undefined when it is there. */
export function nodeModulesStep() {
  if (upToDate()) return undefined;
  return { what: 'npm packages', folder: MODULES, work: install };
}

/** Installs beside and renames when whole, so that an interrupted set-up leaves what was there before. */
async function install() {
  const staging = path.join(TOOLS, `npm-${process.pid}.tmp`);
  await npmCi(ROOT, staging);
  const old = path.join(TOOLS, `npm-old-${process.pid}.tmp`);
  if (existsSync(MODULES)) renameSync(MODULES, old);
  renameSync(path.join(staging, 'node_modules'), MODULES);
  for (const folder of [staging, old]) rmSync(folder, { recursive: true, force: true });
}
