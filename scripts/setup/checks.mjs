import { ROOT } from './paths.mjs';
import { run } from './processes.mjs';

/** Scripts of package.json that need no test: types, lint, and that what is generated is not stale. */
const CHECKS = ['typecheck', 'lint', 'generate:check', 'release:check', 'template:check', 'sabotage:check'];

/**
 * Runs every check, whatever the ones before it said.
 * @returns {Promise<string[]>} the names of those that failed
 */
export async function runChecks(env = process.env) {
  const failed = [];
  for (const check of CHECKS) {
    const started = Date.now();
    const { code } = await run('npm', ['run', '--silent', check], { cwd: ROOT, env });
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    if (code !== 0) failed.push(check);
  }
  return failed;
}
