import { ROOT } from './paths.mjs';
import { setUp } from './setup.mjs';

/**
 * Sets the project up, then runs a TypeScript entry point in this process, with this process's arguments.
 * @param {() => unknown[]} [furtherSteps] of set-up, that only this entry point needs
 * @throws Trouble when set-up fails: the caller's `runMain` ends the process with its code
 */
export async function runLocal(entry, furtherSteps) {
  process.chdir(ROOT);
  Object.assign(process.env, await setUp(furtherSteps));
  process.argv.splice(2, 0, entry);
  await import('../ts.mjs');
}
