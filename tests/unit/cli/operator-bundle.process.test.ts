/** The operator's command starts from a bundle, which is built when it has to be and can be. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../support/after-tests';

let checkout: string;
const inCheckout = (...names: string[]) => path.join(checkout, ...names);

beforeEach(() => {
  checkout = temporaryFolder('checkout');
  for (const entry of [
    'cli',
    'carriers',
    'contracts',
    'lib',
    'publisher',
    'src',
    'import-template.json',
    'package-lock.json',
  ])
    cpSync(entry, inCheckout(entry), { recursive: true });
  symlinkSync(path.resolve('node_modules'), inCheckout('node_modules'));
});

function help() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [inCheckout('cli/logistics.mjs'), '--help'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  return { code: status, said: `${stdout.split('\n', 1)[0]}${stderr.trim()}` };
}

const USAGE = { code: 0, said: 'Usage: logistics [options] [command]' };
const withoutPackages = () => unlinkSync(inCheckout('node_modules'));

it('builds itself, and then needs no packages', () => {
  expect(help()).toEqual(USAGE);
  withoutPackages();
  expect(help()).toEqual(USAGE);
});

it.each(['cli/program.ts', 'contracts/names.ts', 'package-lock.json'])(
  'builds itself again when %s has changed',
  (file) => {
    help();
    appendFileSync(inCheckout(file), '\n');
    expect(help()).toEqual(USAGE);
    withoutPackages();
    expect(help()).toEqual(USAGE);
  },
);

it('says in one line what to run when its sources have changed and there are no packages to build it with', () => {
  help();
  appendFileSync(inCheckout('cli/program.ts'), '\n');
  withoutPackages();
  expect(help()).toEqual({
    code: 1,
    said: `the operator's command cannot be built: esbuild is not installed: run \`npm ci\` in ${checkout}`,
  });
});

it('says in one line what to run when it cannot be written', () => {
  rmSync(inCheckout('dist'), { recursive: true, force: true });
  writeFileSync(inCheckout('dist'), '');
  const { code, said } = help();
  expect(said).toMatch(/^the operator's command cannot be built: E.*: run `npm run prepare` in .* as its owner$/);
  expect(code).toBe(1);
});
