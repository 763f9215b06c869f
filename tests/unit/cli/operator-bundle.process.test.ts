/** The command runs from a bundle, which it builds when its sources have changed. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../support/after-tests';

const checkout = temporaryFolder('checkout');
const inCheckout = (name: string) => path.join(checkout, name);

function help() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [inCheckout('cli/logistics.mjs'), '--help'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  return { code: status, output: `${stdout.split('\n', 1)[0]}${stderr.trim()}` };
}

const USAGE = { code: 0, output: 'Usage: logistics [options] [command]' };

it('builds its bundle when the sources have changed, and names the fix in one line when it cannot', () => {
  const folders = ['cli', 'carriers', 'contracts', 'lib', 'publisher', 'src'];
  for (const entry of [...folders, 'import-template.json', 'package-lock.json'])
    cpSync(entry, inCheckout(entry), { recursive: true });
  const link = () => symlinkSync(path.resolve('node_modules'), inCheckout('node_modules'));
  const unlink = () => rmSync(inCheckout('node_modules'));

  link();
  expect(help()).toEqual(USAGE);
  unlink();
  expect(help()).toEqual(USAGE);

  for (const file of ['cli/program.ts', 'contracts/names.ts', 'package-lock.json'].map(inCheckout)) {
    cpSync(file, `${file}.before`);
    appendFileSync(file, '\n');
    expect(help()).toEqual({
      code: 1,
      output: `the operator's command cannot be built: esbuild is not installed: run \`npm ci\` in ${checkout}`,
    });
    renameSync(`${file}.before`, file);
  }

  appendFileSync(inCheckout('cli/program.ts'), '\n');
  link();
  expect(help()).toEqual(USAGE);
  unlink();
  expect(help()).toEqual(USAGE);

  link();
  rmSync(inCheckout('dist'), { recursive: true });
  writeFileSync(inCheckout('dist'), '');
  expect(help()).toEqual({
    code: 1,
    output: expect.stringMatching(
      /^the operator's command cannot be built: E.*: run `npm run prepare` in .* as its owner$/,
    ),
  });
});
