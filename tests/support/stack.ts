import { buildAndDeploy } from '../../local/deploy';
import { type LocalStack, startLocalStack } from '../../local/stack';
import { stopAfterTests } from './after-tests';
import { BUILT } from './build-once';
import { createStack } from './create-stack';

/**
 * Deploys the stack to a new embedded AWS, which stops when the file's tests have ended.
 * @param settings environment variables of the embedded AWS, which its functions inherit
 */
export const startStack = (settings?: NodeJS.ProcessEnv, deploy = createStack): Promise<LocalStack> =>
  startLocalStack(
    0,
    () => undefined,
    stopAfterTests,
    settings,
    (endpoint) => deploy(endpoint, process.env[BUILT] ?? ''),
  );

/** The same with `sam deploy`, so that a later `sam deploy` publishes only the functions that changed. */
export const startStackBySam = (): Promise<LocalStack> =>
  startStack(undefined, (endpoint) => buildAndDeploy(endpoint, process.env[BUILT]));
