/**
 * `npm test`: `npm run check`, then every jest project but those that run only when selected. Arguments are passed to jest
 * (`npm test -- version`, `npm test -- --selectProjects engines`); with arguments, the check is left out.
 */

import { onInterrupt, run } from '../lib/processes.mjs';
import { runMain, UserError } from '../lib/user-error.mjs';
import { assertJava } from './java.mjs';
import { setUp } from './setup.mjs';

/** Tools that jest's projects need beside the npm packages. */
const NEEDS = {
  unit: [],
  thorough: ['sam'],
  integration: ['sam', 'emulator'],
  engines: ['sam', 'event-ruler'],
  'rule-packs': ['rule-packs'],
  environments: ['sam', 'emulator'],
};

/** Endpoint of a DynamoDB Local on this machine. Set-up does not install it, because of AWS's own licence. */
const DYNAMODB_LOCAL = process.env.DYNAMODB_LOCAL;

/** Runs before set-up, which may take a minute. @throws UserError */
function checkEngines() {
  if (DYNAMODB_LOCAL && !/^http:\/\/(127\.0\.0\.1|localhost):\d+\/?$/.test(DYNAMODB_LOCAL))
    throw new UserError(
      `DYNAMODB_LOCAL is ${DYNAMODB_LOCAL}: name an engine on this machine, like http://127.0.0.1:8000`,
      2,
    );
  assertJava();
}

await runMain(async () => {
  const args = process.argv.slice(2);
  const selected = Object.keys(NEEDS).filter((project) => args.includes(project));
  if (selected.includes('engines')) checkEngines();
  const callersEnv = { ...process.env };
  const projects = selected.length > 0 ? selected : ['integration'];
  await setUp(...new Set(projects.flatMap((project) => NEEDS[project])));
  if (selected.includes('engines') && !DYNAMODB_LOCAL)
    console.log('NOT RUN: the tests on DynamoDB Local (DYNAMODB_LOCAL names no endpoint); they are not counted');
  onInterrupt();
  // Fresh clones download with the caller's settings.
  const env = selected.includes('environments') ? callersEnv : process.env;
  const node = async (...command) => (await run(process.execPath, command, { env })).code;
  const checked = args.length > 0 ? 0 : await node('tools/check.mjs');
  const tested = await node('node_modules/jest/bin/jest.js', ...args);
  return checked || tested;
});
