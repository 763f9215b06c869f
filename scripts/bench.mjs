/** `npm run bench`: sets the project up, then measures the functions beside what they are compared with. */
import { readFileSync } from 'node:fs';
import { benchPackages, benchPackagesStep } from './setup/bench-packages.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { runLocal } from './setup/run-local.mjs';
import { runMain, Trouble } from './setup/trouble.mjs';

const DESCRIPTIONS = JSON.parse(readFileSync(new URL('../bench/topics.json', import.meta.url), 'utf8'));
const TOPICS = Object.keys(DESCRIPTIONS);

const USAGE = `npm run bench -- [${TOPICS.join('] [')}] [--rounds 40] [--write]

Measures this project's functions beside raw requests, the SDK alone and the usual full set, in turns, and prints ratios with their
spread. Without a topic, all of them:

${TOPICS.map((topic) => `  ${topic.padEnd(9)} ${DESCRIPTIONS[topic]}`).join('\n')}

  --rounds N  samples of each
  --write     puts the tables into docs/performance.md as well
  --help      this text`;

const OPTIONS = {
  rounds: { type: 'string', default: '40' },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean' },
};

function readOptions() {
  const { values, positionals } = readCommandLine(USAGE, { options: OPTIONS, allowPositionals: true });
  const unknown = positionals.find((topic) => !TOPICS.includes(topic));
  if (unknown) throw new Trouble(`${unknown} is nothing to measure: name ${TOPICS.join(', ')}`, 2);
  if (!/^\d{1,4}$/.test(values.rounds) || Number(values.rounds) < 5)
    throw new Trouble(
      `--rounds is ${JSON.stringify(values.rounds)}: give a whole number from 5, or nothing is told of the spread`,
      2,
    );
  return values;
}

await runMain(async () => {
  if (readOptions().help) return console.log(USAGE);
  process.env.BENCH_PACKAGES = benchPackages();
  return runLocal('bench/main.ts', () => [benchPackagesStep()]);
});
