/** `npm start`: sets the project up, then runs the whole pipeline on the embedded AWS (local/main.ts). */
import { ROOT } from './setup/paths.mjs';
import { setUp } from './setup/setup.mjs';
import { runMain } from './setup/trouble.mjs';

await runMain(async () => {
  process.chdir(ROOT);
  const asksForHelp = process.argv.includes('--help');
  if (!asksForHelp) {
    const tools = await setUp();
    Object.assign(process.env, { SAM_PYTHON: tools.sam, EMULATOR_PYTHON: tools.emulator });
  }
  process.argv.splice(2, 0, 'local/main.ts');
  await import('./ts.mjs');
});
