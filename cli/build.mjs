/** Bundles the operator's command. `npm ci` and set-up run this, and so does the command when its sources have changed. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export const BUNDLE = path.join(ROOT, 'dist/cli/logistics.cjs');

/** Names of the bundle's source files, and the hash of their contents. */
const INPUTS = path.join(ROOT, 'dist/cli/inputs.json');

/** Hash of the files' contents. @param {readonly string[]} files relative to the project's root */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(path.join(ROOT, file))).update('\0');
  return hash.digest('hex');
}

/** True when the bundle exists and its sources have not changed since. */
export function isCurrent() {
  try {
    const { files, hash } = JSON.parse(readFileSync(INPUTS, 'utf8'));
    return hashOf(files) === hash;
  } catch {
    return false;
  }
}

/** @returns {Promise<string | undefined>} why the bundle cannot be built and how to fix that; undefined when it is built */
export async function build() {
  const esbuild = await import('esbuild').catch(() => undefined);
  if (!esbuild) return `esbuild is not installed: run \`npm ci\` in ${ROOT}`;
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: ['cli/main.ts'],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    outfile: BUNDLE,
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const sources = Object.keys(metafile.inputs).filter((file) => !file.startsWith('node_modules/'));
  const files = [...sources, 'package-lock.json'];
  try {
    mkdirSync(path.dirname(BUNDLE), { recursive: true });
    replace(BUNDLE, outputFiles[0].contents);
    replace(INPUTS, JSON.stringify({ files, hash: hashOf(files) }));
  } catch (error) {
    return `${error.message}: run \`npm run prepare\` in ${ROOT} as its owner`;
  }
}

/** Replaces a file in one step, since another process may be reading it. */
function replace(file, content) {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = await build();
  if (reason) console.log(`npx logistics is not built: ${reason}`);
}
