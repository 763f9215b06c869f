/**
 * `npm test`: sets the project up, then types, lint, generated files and every jest test. With arguments, sets up and passes them
 * to jest: `npm test -- version` or `npm test -- --selectProjects unit`.
 */
import path from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { onInterrupt, run } from './setup/processes.mjs';
import { setUp } from './setup/setup.mjs';
import { runMain } from './setup/trouble.mjs';

const CHECKS = [
  'typecheck',
  'lint',
  'generate:check',
  'contracts:check',
  'template:check',
  'data:check',
  'scale:check',
  'sabotage:check',
];

const bin = (name) => path.join(ROOT, 'node_modules/.bin', name);

await runMain(async () => {
  const env = { ...process.env, ...(await setUp()) };
  onInterrupt();
  const args = process.argv.slice(2);
  if (args.length > 0) return (await run(bin('jest'), args, { cwd: ROOT, env })).code;

  const failed = [];
  for (const check of CHECKS) {
    const started = Date.now();
    const { code } = await run('npm', ['run', '--silent', check], { cwd: ROOT, env });
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    if (code !== 0) failed.push(check);
  }
  const { code } = await run(bin('jest'), [], { cwd: ROOT, env });
  if (code !== 0) failed.push('jest');
  if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
});
