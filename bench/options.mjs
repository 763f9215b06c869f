import { readCommandLine, wholeNumber } from '../lib/command-line.mjs';
import { UserError } from '../lib/user-error.mjs';

/** What can be measured. */
export const TOPICS = {
  cold: 'cold starts at the share of a processor that the memory has; needs Linux and root',
  warm: 'the CPU of a warm event',
  payload: 'the same by the size of an event',
  memory: 'memory settings; needs Linux and root',
  rebuild: '`logistics rebuild` on 200,000 log rows of the embedded AWS',
  backfill: '`logistics send --backfill` through the embedded AWS',
  units: "DynamoDB's write units, counted by its published rules",
};

/** @typedef {keyof typeof TOPICS} Topic */

const NAMES = /** @type {Topic[]} */ (Object.keys(TOPICS));

const USAGE = `npm run bench -- [${NAMES.join('] [')}] [--rounds 40] [--write]

Measures this project's functions beside raw requests, the SDK alone and the usual full set, in turns, and prints ratios with their
spread. Without a topic, all of them:

${NAMES.map((topic) => `  ${topic.padEnd(9)} ${TOPICS[topic]}`).join('\n')}

  --rounds N  samples of each
  --write     puts the tables into docs/performance.md as well
  --help      this text`;

/** The command line of `npm run bench`. @throws UserError when it is wrong */
export function readOptions(args = process.argv.slice(2)) {
  const { values, positionals } = readCommandLine(USAGE, {
    args,
    options: { rounds: { type: 'string', default: '40' }, write: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.find((topic) => !(topic in TOPICS));
  if (unknown) throw new UserError(`${unknown} is nothing to measure: name ${NAMES.join(', ')}`, 2);
  const rounds = wholeNumber('rounds', values.rounds, { from: 5, to: 9_999, why: 'or nothing is known of the spread' });
  const topics = positionals.length > 0 ? NAMES.filter((topic) => positionals.includes(topic)) : NAMES;
  return { topics, isChosen: positionals.length > 0, rounds, write: values.write };
}
