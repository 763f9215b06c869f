/**
 * `npm run contracts:check`: nothing released may change incompatibly without a new version; an event that is in no release yet may
 * change at will. With `--release` the contracts become the new baseline, if they pass.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { incompatibilities, type Released } from './incompatibilities';
import { BASELINE, CURRENT } from './released';

const released: Record<string, Released> = JSON.parse(readFileSync(BASELINE, 'utf8'));

const broken = Object.entries(released).flatMap(([name, message]) =>
  incompatibilities(name, message, CURRENT.get(name)),
);
for (const sentence of broken) console.error(sentence);
if (broken.length > 0) process.exit(1);

if (process.argv.includes('--release')) {
  writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(CURRENT), null, 2)}\n`);
  console.log(`wrote ${BASELINE}: ${[...CURRENT].map(([name, { version }]) => `${name} v${version}`).join(', ')}`);
}
