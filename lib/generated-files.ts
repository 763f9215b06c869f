/** Writes generated files, or with `--check` says which of the committed ones are stale. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface GeneratedFiles {
  /** Path from the project's root -> content. */
  readonly files: ReadonlyMap<string, string>;
  /** Folders that hold nothing but generated files of this ending: a file there that is not in `files` is removed (or stale). */
  readonly folders?: readonly string[];
}

/** Reads `--check` from the command line: then a difference is one line a file and the exit code 1, and nothing is written. */
export function writeOrCheck({ files, folders = [] }: GeneratedFiles): void {
  const check = process.argv.includes('--check');
  const stale = [...files].filter(([file, content]) => !existsSync(file) || readFileSync(file, 'utf8') !== content);
  const orphans = folders.flatMap(filesIn).filter((file) => !files.has(file));

  if (check) {
    const wrong = [...stale.map(([file]) => file), ...orphans];
    for (const file of wrong) console.error(`${file} is stale: run \`npm run generate\` and commit the result`);
    if (wrong.length > 0) process.exitCode = 1;
    return;
  }
  for (const file of orphans) rmSync(file);
  for (const [file, content] of stale) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(`wrote ${file}`);
  }
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${folder}/${entry.name}`);
}
