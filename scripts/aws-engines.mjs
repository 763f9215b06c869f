/**
 * `npm run test:aws-engines`: sets the project up, then holds it against what AWS itself wrote. Needs a JDK and Maven. Arguments go
 * to jest.
 */
import path from 'node:path';
import { assertJava } from './setup/java.mjs';
import { classPathOf, javaToolStep } from './setup/java-tool.mjs';
import { ROOT } from './setup/paths.mjs';
import { onInterrupt, run } from './setup/processes.mjs';
import { setUp } from './setup/setup.mjs';
import { runMain, Trouble } from './setup/trouble.mjs';

const RULER = 'event-ruler';

/** @throws Trouble unless the endpoint, if one is given, is this machine's */
function assertLocal(endpoint) {
  if (endpoint && !/^http:\/\/(127\.0\.0\.1|localhost):\d+\/?$/.test(endpoint))
    throw new Trouble(`DYNAMODB_LOCAL is ${endpoint}: name an engine on this machine, like http://127.0.0.1:8000`, 2);
}

await runMain(async () => {
  assertLocal(process.env.DYNAMODB_LOCAL);
  assertJava();
  const tools = await setUp(() => [javaToolStep(RULER)]);
  const env = { ...process.env, ...tools, RULER_CLASS_PATH: classPathOf(RULER) };
  onInterrupt();
  if (!env.DYNAMODB_LOCAL)
    console.log(
      'NOT RUN: the tests on DynamoDB Local (DYNAMODB_LOCAL names no endpoint); they are not among the passed',
    );
  const jest = path.join(ROOT, 'node_modules/.bin/jest');
  return (await run(jest, ['--config', 'jest.engines.config.mjs', ...process.argv.slice(2)], { cwd: ROOT, env })).code;
});
