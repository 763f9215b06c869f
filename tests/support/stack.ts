import { buildAndDeploy } from '../../local/deploy';
import { type LocalStack, startLocalStack } from '../../local/stack';
import { stopAfterTests } from './after-tests';
import { BUILT } from './build-once';
import { createStack } from './create-stack';

/**
 * The stack, deployed to an embedded AWS of the test file's own, which ends with its tests.
 * @param settings the embedded AWS's own, which its functions inherit
 */
export const startStack = (settings?: NodeJS.ProcessEnv, deploy = createStack): Promise<LocalStack> =>
  startLocalStack(
    0,
    () => undefined,
    stopAfterTests,
    settings,
    (endpoint) => deploy(endpoint, process.env[BUILT] ?? ''),
  );

/** The same by `sam deploy`: the next one then publishes what has changed alone. */
export const startStackBySam = (): Promise<LocalStack> => startStack(undefined, buildAndDeploy);
