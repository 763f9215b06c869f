/** Prints every import that the layers do not allow, in all modules that git tracks or would add. */
import { readFileSync } from 'node:fs';
import { checkoutFiles } from '../checkout.mjs';
import { violations } from './violations';

const files = checkoutFiles('*.ts', '*.mjs', '*.cjs');
const problems = violations(new Map(files.map((file) => [file, readFileSync(file, 'utf8')])));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
