/**
 * `npm run build:publisher`: builds the client package in `dist/publisher/`, or the given folder. Each entry is a CommonJS module and an ES
 * module that re-exports it (docs/decisions/0032), with types. Packages that the modules import become dependencies.
 * The package is private, so that `npm publish` refuses it: the project owns its name in no registry (docs/decisions/0017).
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.resolve(process.argv[2] ?? path.join(ROOT, 'dist/publisher'));

/** Modules, without `.ts`, by their entry in `exports`. */
const ENTRIES = { '.': 'publisher/publisher', './carriers': 'carriers/carriers', './reader': 'publisher/reader' };

const { version, license, engines, dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

rmSync(out, { recursive: true, force: true });

const { metafile } = buildSync({
  entryPoints: Object.values(ENTRIES).map((module) => path.join(ROOT, `${module}.ts`)),
  entryNames: '[name]',
  outdir: out,
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

/** Writes the ES module of an entry and its types. @returns the entry's value in `exports` */
function entryOf(module) {
  const name = path.basename(module);
  writeFileSync(path.join(out, `${name}.mjs`), `export * from './${name}.js';\n`);
  writeFileSync(path.join(out, `${name}.d.mts`), `export * from './types/${module}.js';\n`);
  return {
    import: { types: `./${name}.d.mts`, default: `./${name}.mjs` },
    require: { types: `./types/${module}.d.ts`, default: `./${name}.js` },
  };
}

const manifest = {
  name: 'logistics-event-publisher',
  version,
  description: 'Puts shipment events on the logistics bus, reads them from carriers’ webhooks, and reads shipments',
  license,
  private: true,
  type: 'commonjs',
  sideEffects: false,
  engines,
  main: './publisher.js',
  types: './types/publisher/publisher.d.ts',
  exports: Object.fromEntries(Object.entries(ENTRIES).map(([name, module]) => [name, entryOf(module)])),
  // The oldest version that compiles these types and those that they import, as a test does.
  peerDependencies: { typescript: '>=5.2' },
  peerDependenciesMeta: { typescript: { optional: true } },
  dependencies: Object.fromEntries([...new Set(imported)].sort().map((name) => [name, `^${dependencies[name]}`])),
};
writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync(path.join(ROOT, 'LICENSE'), path.join(out, 'LICENSE'));
copyFileSync(path.join(ROOT, 'publisher/README.md'), path.join(out, 'README.md'));
console.log(`wrote ${path.relative(process.cwd(), out) || '.'}: npm pack ./${path.relative(process.cwd(), out)}`);
