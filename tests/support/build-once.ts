/** Before the first test on the embedded AWS: what the stacks of all of them deploy is built once, and read only. */
import { onInterrupt } from '../../lib/processes.mjs';
import { buildStack, removeBuilt } from '../../local/deploy';
import { zipBuilt } from './create-stack';

/** The variable that tells the tests' processes where. */
export const BUILT = 'BUILT_STACK';

export default async function buildOnce(): Promise<void> {
  onInterrupt();
  process.once('exit', removeBuilt);
  const build = await buildStack();
  await zipBuilt(build);
  process.env[BUILT] = build;
}
