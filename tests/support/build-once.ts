/** Jest's global set-up of the integration tests: one build, which all of their stacks deploy. */
import { onInterrupt } from '../../lib/processes.mjs';
import { buildStack, removeSamFolders } from '../../local/deploy';
import { zipBuild } from './create-stack';

/** Environment variable with the build's folder. */
export const BUILT = 'BUILT_STACK';

export default async function buildOnce(): Promise<void> {
  onInterrupt();
  process.once('exit', removeSamFolders);
  const build = await buildStack();
  await zipBuild(build);
  process.env[BUILT] = build;
}
