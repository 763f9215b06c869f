/** Before the first test on the embedded AWS: what the stacks of all of them deploy is built once, and read only. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { onInterrupt } from '../../lib/processes.mjs';
import { runSam } from '../../local/deploy';
import { localEnvironment } from '../../local/environment';

/** The variable that tells the tests' processes where. */
export const BUILT = 'BUILT_STACK';

export default async function buildOnce(): Promise<void> {
  mkdirSync('.aws-sam', { recursive: true });
  const folder = path.resolve(mkdtempSync('.aws-sam/tests-'));
  onInterrupt();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [build, temporary] = [path.join(folder, 'build'), path.join(folder, 'temporary')];
  mkdirSync(temporary);
  await runSam(['build', '--build-dir', build], { ...localEnvironment('http://127.0.0.1:9'), TMPDIR: temporary });
  process.env[BUILT] = build;
}
