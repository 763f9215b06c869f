import { ROOT } from './paths.mjs';
import { setUp } from './setup.mjs';
import { runMain } from './trouble.mjs';

/**
 * Sets the project up, then runs a TypeScript entry point in this process, with this process's arguments.
 * @param {() => unknown[]} [furtherSteps] of set-up, that only this entry point needs
 */
export function runLocal(entry, furtherSteps) {
  return runMain(async () => {
    process.chdir(ROOT);
    Object.assign(process.env, await setUp(furtherSteps));
    process.argv.splice(2, 0, entry);
    await import('../ts.mjs');
  });
}
