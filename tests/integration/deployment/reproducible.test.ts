import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runSam } from '../../../local/deploy';
import { localEnvironment } from '../../../local/environment';
import { temporaryFolder } from '../../support/after-tests';

const folder = temporaryFolder('reproducible');

/** Builds from nothing into a folder of its own: every file's hash by its path. */
async function build(name: string): Promise<Record<string, string>> {
  const into = path.join(folder, name);
  mkdirSync(into);
  // `sam build` asks no AWS; the address is one without a listener.
  await runSam(['build', '--build-dir', into], { ...localEnvironment('http://127.0.0.1:9'), TMPDIR: folder });
  const files = readdirSync(into, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name: file }) => {
      const found = path.join(parentPath, file);
      return [path.relative(into, found), createHash('sha256').update(readFileSync(found)).digest('hex')];
    }),
  );
}

it('two clean builds are the same, byte for byte', async () => {
  const [first, second] = [await build('first'), await build('second')];

  expect(Object.keys(first)).toEqual(expect.arrayContaining(['template.yaml', 'StatusUpdater/status-updater.mjs']));
  expect(second).toEqual(first);
}, 120_000);
