/**
 * Runs TypeScript: `node tools/typescript.mjs path/entry.ts [arguments]`. esbuild bundles the project's files in memory, without packages.
 * It is started as a program, since its API takes four times as long.
 */
import { spawnSync } from 'node:child_process';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** Loads an entry point into this process. @param {readonly string[]} args its command line */
export function runTypeScript(entry, args) {
  const file = path.resolve(entry);
  const target = `--target=node${process.versions.node.split('.')[0]}`;
  const form = ['--bundle', '--packages=external', '--platform=node', '--format=cjs', target];
  const { status, stdout } = spawnSync(
    require.resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`),
    [...form, '--sourcemap=inline', `--source-root=${process.cwd()}/`, '--sources-content=false', '--log-level=error'],
    // The entry is not an argument: esbuild would read a `*` in the path to the checkout as a pattern.
    {
      input: `import ${JSON.stringify(`./${path.relative('', file)}`)};`,
      stdio: ['pipe', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 2 ** 27,
    },
  );
  if (status !== 0) process.exit(1);
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], file, ...args];
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(path.dirname(file));
  module._compile(stdout, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) runTypeScript(process.argv[2], process.argv.slice(3));
