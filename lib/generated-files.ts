/** Writes generated files, or with `--check` reports which of the committed ones are stale. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface GeneratedFiles {
  /** Path from the project's root -> content. */
  readonly files: ReadonlyMap<string, string>;
  /** Folders that hold only generated files: a file there that is not in `files` is removed, or reported as stale. */
  readonly folders?: readonly string[];
}

/** Writes the files that differ. With `--check` on the command line it prints a line for each instead, and sets the exit code 1. */
export function writeOrCheck({ files, folders = [] }: GeneratedFiles): void {
  const check = process.argv.includes('--check');
  const stale = [...files].filter(([file, content]) => !existsSync(file) || readFileSync(file, 'utf8') !== content);
  const orphans = folders.flatMap(filesIn).filter((file) => !files.has(file));

  if (check) {
    for (const file of [...stale.map(([name]) => name), ...orphans]) {
      console.error(`${file} is stale: run \`npm run generate\` and commit the result`);
      process.exitCode = 1;
    }
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
