/**
 * `npm run contracts:check`: nothing released may change incompatibly without a new version; an event that is in no release yet may
 * change at will. With `--release` the contracts become the new baseline, if they pass.
 */
import { writeFileSync } from 'node:fs';
import { incompatibilities } from './incompatibilities';
import { BASELINE, CURRENT, readBaseline } from './released';

function main(): void {
  const broken = Object.entries(readBaseline()).flatMap(([name, message]) =>
    incompatibilities(name, message, CURRENT.get(name)),
  );
  if (broken.length > 0) throw new Error(broken.join('\n'));
  if (!process.argv.includes('--release')) return;
  writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(CURRENT), null, 2)}\n`);
  console.log(`wrote ${BASELINE}: ${[...CURRENT].map(([name, { version }]) => `${name} v${version}`).join(', ')}`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
