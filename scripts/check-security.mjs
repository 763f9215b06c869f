/** `npm run check:security`: sets the project up, then holds the template against the rule packs. Arguments go to jest. */
import path from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { onInterrupt, run } from './setup/processes.mjs';
import { findPython } from './setup/python.mjs';
import { pythonOf, pythonToolStep } from './setup/python-tool.mjs';
import { setUp } from './setup/setup.mjs';
import { runMain } from './setup/trouble.mjs';

const RULE_PACKS = 'rule-packs';

await runMain(async () => {
  const python = findPython();
  const tools = await setUp(() => [pythonToolStep(RULE_PACKS, python)]);
  const env = { ...process.env, ...tools, RULE_PACKS_PYTHON: pythonOf(RULE_PACKS, python) };
  onInterrupt();
  const jest = path.join(ROOT, 'node_modules/.bin/jest');
  return (await run(jest, ['--config', 'jest.rule-packs.config.mjs', ...process.argv.slice(2)], { cwd: ROOT, env }))
    .code;
});
