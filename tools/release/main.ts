/**
 * With `--check`: fails when a released contract changed incompatibly under its old version, CHANGELOG.md does not mention a new version, or a
 * deployment would replace a released table. Without it, makes the current contracts and tables the new baseline; only for a release.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { UserError } from '../../lib/user-error.mjs';
import { CURRENT_CONTRACTS, contractProblems, type ReleasedContract, unannouncedVersions } from './contracts';
import { currentTables, type ReleasedTables, tableProblems } from './tables';

const CONTRACTS = 'tools/release/contracts.json';
const TABLES = 'tools/release/tables.json';

function readBaseline<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UserError(`${file} is missing or is not JSON: restore it from git`);
  }
}

const tables = currentTables();
const released = readBaseline<Record<string, ReleasedContract>>(CONTRACTS);
const problems = [
  ...contractProblems(released, CURRENT_CONTRACTS),
  ...unannouncedVersions(released, CURRENT_CONTRACTS, readFileSync('CHANGELOG.md', 'utf8')),
  ...tableProblems(readBaseline<ReleasedTables>(TABLES), tables),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
if (!process.argv.includes('--check')) {
  for (const [file, baseline] of [
    [CONTRACTS, CURRENT_CONTRACTS],
    [TABLES, tables],
  ] as const) {
    writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
    console.log(`wrote ${file}`);
  }
}
