/**
 * `npm test`: sets the project up, then types, lint, generated files and every jest test. With arguments, sets up and passes them
 * to jest: `npm test -- version` or `npm test -- --selectProjects unit`.
 */
import path from 'node:path';
import { runChecks } from './setup/checks.mjs';
import { ROOT } from './setup/paths.mjs';
import { onInterrupt, run } from './setup/processes.mjs';
import { setUp } from './setup/setup.mjs';
import { runMain } from './setup/trouble.mjs';

await runMain(async () => {
  const env = { ...process.env, ...(await setUp()) };
  onInterrupt();
  const jest = async (args) => (await run(path.join(ROOT, 'node_modules/.bin/jest'), args, { cwd: ROOT, env })).code;
  const args = process.argv.slice(2);
  if (args.length > 0) return jest(args);

  const failed = await runChecks(env);
  if ((await jest([])) !== 0) failed.push('jest');
  if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
});
