/**
 * `npm test`: types, lint, generated files and every jest test but those of the projects that run only when they are asked for. Arguments
 * are jest's: `npm test -- version`, or `npm test -- --selectProjects engines`; with any, the tests alone are run.
 */

import { onInterrupt, run } from '../lib/processes.mjs';
import { runMain, UserError } from '../lib/user-error.mjs';
import { assertJava } from './java.mjs';
import { setUp } from './setup.mjs';

/** What jest's projects need beside the packages. */
const NEEDS = {
  unit: [],
  thorough: ['sam'],
  integration: ['sam', 'emulator'],
  engines: ['sam', 'event-ruler'],
  'rule-packs': ['rule-packs'],
  environments: ['sam', 'emulator'],
};

/** DynamoDB Local comes under a licence of AWS's own: set-up does not fetch it. It is used where one runs, and only on this machine. */
const DYNAMODB_LOCAL = process.env.DYNAMODB_LOCAL;

/** Checked before set-up takes its minute. @throws UserError */
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
  const asked = Object.keys(NEEDS).filter((project) => args.includes(project));
  if (asked.includes('engines')) checkEngines();
  const callers = { ...process.env };
  const projects = asked.length > 0 ? asked : ['integration'];
  await setUp(...new Set(projects.flatMap((project) => NEEDS[project])));
  if (asked.includes('engines') && !DYNAMODB_LOCAL)
    console.log('NOT RUN: the tests on DynamoDB Local (DYNAMODB_LOCAL names no endpoint); they are not counted');
  onInterrupt();
  // Fresh clones download what they need, as the caller would.
  const env = asked.includes('environments') ? callers : process.env;
  const node = async (...command) => (await run(process.execPath, command, { env })).code;
  const checked = args.length > 0 ? 0 : await node('tools/check.mjs');
  const tested = await node('node_modules/jest/bin/jest.js', ...args);
  return checked || tested;
});
