/**
 * With `--check`: fails when a released contract changed incompatibly under its old version, CHANGELOG.md does not mention a new version, or a
 * deployment would replace a released table. Without it, makes the current contracts and tables the new baseline; only for a release.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { CURRENT_CONTRACTS, contractProblems, type ReleasedContract, unannouncedVersions } from './contracts';
import contracts from './contracts.json';
import { currentTables, tableProblems } from './tables';
import releasedTables from './tables.json';

const tables = currentTables();
const released = contracts as unknown as Readonly<Record<string, ReleasedContract>>;
const problems = [
  ...contractProblems(released, CURRENT_CONTRACTS),
  ...unannouncedVersions(released, CURRENT_CONTRACTS, readFileSync('CHANGELOG.md', 'utf8')),
  ...tableProblems(releasedTables, tables),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
if (!process.argv.includes('--check')) {
  for (const [name, baseline] of Object.entries({ contracts: CURRENT_CONTRACTS, tables })) {
    const file = `tools/release/${name}.json`;
    writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
    console.log(`wrote ${file}`);
  }
}
