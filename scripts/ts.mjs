/**
 * Runs a TypeScript entry point: `node scripts/ts.mjs path/entry.ts [args]`. esbuild bundles the project's own files into one
 * module (packages stay in node_modules) under node_modules/.cache, and this process loads it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/ts.mjs <entry.ts> [arguments]');
  process.exit(2);
}
// One folder a process: two commands started together must not overwrite each other's bundle.
const outfile = path.join(root, 'node_modules/.cache/logistics', `${path.basename(entry, '.ts')}-${process.pid}.cjs`);
mkdirSync(path.dirname(outfile), { recursive: true });
buildSync({
  entryPoints: [path.resolve(entry)],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
});
process.argv = [process.argv[0], path.resolve(entry), ...args];
process.setSourceMapsEnabled(true);
process.on('exit', () => rmQuietly(outfile));
createRequire(import.meta.url)(outfile);

function rmQuietly(file) {
  try {
    rmSync(file);
  } catch {
    // Already gone: nothing to clean.
  }
}
