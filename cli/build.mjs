/** Builds the operator's command into one file: `npm ci` and set-up run this, and the command itself when its sources have changed. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLE, hashOf, INPUTS, ROOT } from './bundle.mjs';

/** @returns {Promise<string | undefined>} why it cannot be built, and what to do; undefined when it is */
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
  const own = Object.keys(metafile.inputs).filter((file) => !file.startsWith('node_modules/'));
  const files = [...own, 'package-lock.json'];
  try {
    mkdirSync(path.dirname(BUNDLE), { recursive: true });
    replace(BUNDLE, outputFiles[0].contents);
    replace(INPUTS, JSON.stringify({ files, hash: hashOf(files) }));
  } catch (error) {
    return `${error.message}: run \`npm run prepare\` in ${ROOT} as its owner`;
  }
}

/** Another command may be reading the file. */
function replace(file, content) {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = await build();
  if (reason) console.log(`npx logistics is not built: ${reason}`);
}
