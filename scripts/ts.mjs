/**
 * Runs a TypeScript entry point: `node scripts/ts.mjs path/entry.ts [args]`. esbuild bundles the project's own files into one
 * module (packages stay in node_modules) under node_modules/.cache, and this process loads it. esbuild's own program is started
 * rather than its API, which takes four times as long for so little.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/ts.mjs <entry.ts> [arguments]');
  process.exit(2);
}
// One folder a process: two commands started together must not overwrite each other's bundle.
const outfile = path.join(root, 'node_modules/.cache/logistics', `${path.basename(entry, '.ts')}-${process.pid}.cjs`);
mkdirSync(path.dirname(outfile), { recursive: true });
const bundling = spawnSync(
  esbuildProgram(),
  [
    path.resolve(entry),
    '--bundle',
    '--packages=external',
    '--platform=node',
    '--format=cjs',
    '--target=node20',
    '--sourcemap=inline',
    '--log-level=error',
    `--outfile=${outfile}`,
  ],
  { stdio: 'inherit' },
);
if (bundling.status !== 0) process.exit(1);
process.argv = [process.argv[0], path.resolve(entry), ...args];
process.setSourceMapsEnabled(true);
process.on('exit', () => rmQuietly(outfile));
require(outfile);

/** esbuild has a package for each platform with nothing but the program; npm installs the one that fits. */
function esbuildProgram() {
  const program = process.platform === 'win32' ? 'esbuild.exe' : 'bin/esbuild';
  try {
    return require.resolve(`@esbuild/${process.platform}-${process.arch}/${program}`);
  } catch {
    console.error(`esbuild has no program for ${process.platform}-${process.arch} in node_modules: run \`npm ci\``);
    process.exit(1);
  }
}

function rmQuietly(file) {
  try {
    rmSync(file);
  } catch {
    // Already gone: nothing to clean.
  }
}
