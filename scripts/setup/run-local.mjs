import { ROOT } from './paths.mjs';
import { setUp } from './setup.mjs';
import { runMain } from './trouble.mjs';

/** Sets the project up, then runs a TypeScript entry point in this process, with this process's arguments. */
export function runLocal(entry) {
  return runMain(async () => {
    process.chdir(ROOT);
    const tools = await setUp();
    Object.assign(process.env, { SAM_PYTHON: tools.sam, EMULATOR_PYTHON: tools.emulator });
    process.argv.splice(2, 0, entry);
    await import('../ts.mjs');
  });
}
