import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { FUNCTION_KEYS } from '../../../contracts/functions';
import { runSam } from '../../../local/deploy';
import { localEnvironment } from '../../../local/environment';
import { bundleOf } from '../../../template-src/functions/build-properties';
import { temporaryFolder } from '../../support/after-tests';
import { BUILT } from '../../support/build-once';

const folder = temporaryFolder('build');

/** Hashes of a build's files, by path. */
const hashesOf = (build: string) =>
  Object.fromEntries(
    readdirSync(build, { recursive: true, encoding: 'utf8' })
      .map((file) => [file, path.join(build, file)] as const)
      .filter(([, found]) => statSync(found).isFile())
      .map(([file, found]) => [file, createHash('sha256').update(readFileSync(found)).digest('hex')]),
  );

/** A PATH with Node and npm only: no esbuild, no folder of the project. */
function barePath(): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  for (const command of ['node', 'npm', 'sh', 'env']) {
    const found = execFileSync('/bin/sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).trim();
    symlinkSync(found, path.join(bin, command));
  }
  return bin;
}

it('sam build needs nothing outside the checkout but Node and npm, and repeats another build byte for byte', async () => {
  const build = path.join(folder, 'build');
  // `sam build` calls no AWS API; nothing listens at this address.
  const env = { ...localEnvironment('http://127.0.0.1:9'), PATH: barePath(), TMPDIR: folder };
  await runSam(['build', '--build-dir', build], env);

  // Set-up adds the template in JSON to SAM's files.
  const { 'template.json': _, ...expected } = hashesOf(process.env[BUILT] ?? '');
  expect(Object.keys(expected)).toEqual(
    expect.arrayContaining(['template.yaml', ...FUNCTION_KEYS.map((key) => bundleOf(key, ''))]),
  );
  expect(hashesOf(build)).toEqual(expected);
}, 120_000);
