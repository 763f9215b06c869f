/**
 * `npm run data:check`: no table that a release deployed may be replaced. With `--release` the tables of the template become the new
 * baseline, if they pass.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { template } from '../template';
import { type ReleasedTables, replacements, tablesOf } from './replacements';

const BASELINE = 'template-src/data/released.json';

/** @throws when the file is missing or is no JSON */
function readBaseline(): ReleasedTables {
  try {
    return JSON.parse(readFileSync(BASELINE, 'utf8'));
  } catch {
    throw new Error(`${BASELINE} is missing or is no JSON: restore it from git`);
  }
}

function main(): void {
  const current = tablesOf(JSON.parse(JSON.stringify(template)));
  const replaced = replacements(readBaseline(), current);
  if (replaced.length > 0)
    throw new Error(
      [...replaced, 'undo it, or add a table beside the old one and move the data (docs/security.md)'].join('\n'),
    );
  if (!process.argv.includes('--release')) return;
  writeFileSync(BASELINE, `${JSON.stringify(current, null, 2)}\n`);
  console.log(`wrote ${BASELINE}: ${Object.keys(current).join(', ')}`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
