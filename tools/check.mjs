/** `npm run check`: types, lint, layers, generated files and released contracts. It runs every check, whichever fails. */

import { onInterrupt, run } from '../lib/processes.mjs';
import { runMain } from '../lib/user-error.mjs';
import { setUp } from './setup.mjs';

const CHECKS = {
  types: ['node_modules/typescript/bin/tsc', '--noEmit'],
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  layers: ['tools/typescript.mjs', 'tools/layers/main.ts'],
  'generated files': ['tools/run.mjs', 'generate', '--check'],
  'released contracts and tables': ['tools/run.mjs', 'release', '--check'],
  'breaks of test:mutation': ['tools/mutation/main.mjs', '--check'],
};

await runMain(async () => {
  await setUp();
  onInterrupt();
  /** Outputs: two checks read the template, and a mistake in it stops both with the same words. */
  const printed = new Set();
  const codes = Object.entries(CHECKS).map(async ([name, command]) => {
    const started = Date.now();
    const { code, output } = await run(process.execPath, command, { quiet: true });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${printed.has(output) ? '' : output}${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
    printed.add(output);
    return code;
  });
  return Math.max(...(await Promise.all(codes))) === 0 ? 0 : 1;
});
