import { readCommandLine, wholeNumber } from '../lib/command-line.mjs';
import { UserError } from '../lib/user-error.mjs';

const TOPICS = {
  cold: 'cold starts with the processor share of the memory setting; needs Linux and root',
  warm: 'the CPU time of a warm event',
  payload: 'the CPU time by the size of an event',
  memory: 'durations and costs by memory setting; needs Linux and root',
  rebuild: '`logistics rebuild` on 200,000 log rows of the embedded AWS',
  backfill: '`logistics send --backfill` through the embedded AWS',
};

/** @typedef {keyof typeof TOPICS} Topic */

const NAMES = /** @type {Topic[]} */ (Object.keys(TOPICS));

const USAGE = `npm run bench -- [${NAMES.join('] [')}] [--rounds 40] [--write]

Measures this project's functions, raw requests, the SDK alone and the usual full set in turns, and prints ratios with their spread.
Without a topic, measures all:

${NAMES.map((topic) => `  ${topic.padEnd(9)} ${TOPICS[topic]}`).join('\n')}

  --rounds N  samples of each
  --write     also writes the tables into docs/performance.md
  --help      this text`;

/** The command line of `npm run bench`. @throws UserError when it is invalid */
export function readOptions(args = process.argv.slice(2)) {
  const { values, positionals } = readCommandLine(USAGE, {
    args,
    options: { rounds: { type: 'string', default: '40' }, write: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.find((topic) => !(topic in TOPICS));
  if (unknown) throw new UserError(`${unknown} is not a topic: choose from ${NAMES.join(', ')}`, 2);
  const rounds = wholeNumber('rounds', values.rounds, { from: 5, to: 9_999, why: 'so that there is a spread' });
  const topics = positionals.length > 0 ? NAMES.filter((topic) => positionals.includes(topic)) : NAMES;
  return { topics, isChosen: positionals.length > 0, rounds, write: values.write };
}
