/** Prints every import that the layers do not allow, in all modules that git tracks or would add. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { violations } from './violations';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs', '*.cjs'], {
  encoding: 'utf8',
})
  .split('\n')
  // Git still lists deleted files until the deletion is committed.
  .filter((file) => file && existsSync(file));

const problems = violations(new Map(files.map((file) => [file, readFileSync(file, 'utf8')])));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
