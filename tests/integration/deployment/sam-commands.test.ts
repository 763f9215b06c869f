import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { FUNCTION_KEYS } from '../../../contracts/functions';
import { runSam } from '../../../local/deploy';
import { localEnvironment } from '../../../local/environment';
import { bundleOf } from '../../../template-src/functions/build-properties';
import { temporaryFolder } from '../../support/after-tests';

let folder: string;
let env: NodeJS.ProcessEnv;

/** A PATH with Node and what npm is made of: no esbuild, no folder of the project's. */
beforeAll(() => {
  folder = temporaryFolder('bare');
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  for (const command of ['node', 'npm', 'sh', 'env']) {
    const found = execFileSync('/bin/sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).trim();
    symlinkSync(found, path.join(bin, command));
  }
  env = { ...localEnvironment('http://127.0.0.1:1'), PATH: bin, TMPDIR: folder };
});

it('sam build finds all it needs in the checkout', async () => {
  const build = path.join(folder, 'build');
  await runSam(['build', '--build-dir', build], env);
  for (const key of FUNCTION_KEYS) expect(existsSync(bundleOf(key, build))).toBe(true);
}, 60_000);

it('sam validate --lint has nothing to say', async () => {
  expect(await runSam(['validate', '--lint'], env)).toContain('is a valid SAM Template');
}, 60_000);
