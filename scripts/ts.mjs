/**
 * Runs a TypeScript entry point: `node scripts/ts.mjs path/entry.ts [args]`. esbuild bundles the project's own files into one
 * module (packages stay in node_modules) under node_modules/.cache, and this process imports it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/ts.mjs <entry.ts> [arguments]');
  process.exit(2);
}
// One folder a process: two commands started together must not overwrite each other's bundle.
const outfile = path.join(root, 'node_modules/.cache/logistics', `${path.basename(entry, '.ts')}-${process.pid}.mjs`);
mkdirSync(path.dirname(outfile), { recursive: true });
buildSync({
  entryPoints: [path.resolve(entry)],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
});
process.argv = [process.argv[0], path.resolve(entry), ...args];
process.setSourceMapsEnabled(true);
process.on('exit', () => rmQuietly(outfile));
await import(pathToFileURL(outfile).href);

function rmQuietly(file) {
  try {
    rmSync(file);
  } catch {
    // Already gone: nothing to clean.
  }
}
