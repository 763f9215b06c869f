import { type LocalStack, startLocalStack } from '../../local/stack';
import { stopAfterTests } from './after-tests';
import { BUILT } from './build-once';
import { createStack } from './create-stack';

/**
 * The stack, deployed to an embedded AWS of the test file's own, which ends with its tests.
 * @param settings the embedded AWS's own, which its functions inherit
 */
export function startStack(settings?: NodeJS.ProcessEnv): Promise<LocalStack> {
  return startLocalStack(
    0,
    () => undefined,
    stopAfterTests,
    settings,
    (endpoint) => createStack(endpoint, process.env[BUILT] ?? ''),
  );
}
