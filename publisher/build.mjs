/**
 * `npm run build:publisher`: makes `dist/publisher/` (or the folder given), a package another service installs: one CommonJS module,
 * which `import` and `require` both take, and its types. What the module itself needs becomes the package's dependencies. It is
 * private, so that `npm publish` refuses it: the project owns its name in no registry (docs/decisions/0017).
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.resolve(process.argv[2] ?? path.join(ROOT, 'dist/publisher'));

const { version, license, engines, dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

rmSync(out, { recursive: true, force: true });

const { metafile } = buildSync({
  entryPoints: [path.join(ROOT, 'publisher/publisher.ts')],
  outfile: path.join(out, 'publisher.js'),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  metafile: true,
  logLevel: 'error',
});

execFileSync(
  process.execPath,
  [
    path.join(ROOT, 'node_modules/typescript/bin/tsc'),
    '-p',
    path.join(ROOT, 'publisher'),
    '--outDir',
    path.join(out, 'types'),
  ],
  { stdio: 'inherit' },
);

const imported = Object.values(metafile.outputs)
  .flatMap(({ imports }) => imports.map(({ path: name }) => name))
  .filter((name) => !name.startsWith('node:'));
const unknown = imported.filter((name) => !dependencies[name]);
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: not among the dependencies in package.json`);

const manifest = {
  name: 'logistics-event-publisher',
  version,
  description:
    'Puts shipment events on the logistics bus: typed, checked, and never silent about one that did not get there',
  license,
  private: true,
  type: 'commonjs',
  engines,
  main: './publisher.js',
  types: './types/publisher/publisher.d.ts',
  exports: { '.': { types: './types/publisher/publisher.d.ts', default: './publisher.js' } },
  // The oldest whose syntax and library the types of this package and of what they import need; a test compiles with it.
  peerDependencies: { typescript: '>=5.2' },
  peerDependenciesMeta: { typescript: { optional: true } },
  dependencies: Object.fromEntries([...new Set(imported)].sort().map((name) => [name, `^${dependencies[name]}`])),
};
writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync(path.join(ROOT, 'LICENSE'), path.join(out, 'LICENSE'));
console.log(`wrote ${path.relative(process.cwd(), out) || '.'}: npm pack ./${path.relative(process.cwd(), out)}`);
