import { randomInt } from 'node:crypto';
import { readCommandLine, wholeNumber } from '../../lib/command-line.mjs';

const USAGE = `npm run simulate -- [--shipments 400] [--updates 1500] [--faults 3] [--seed N]

Puts a day of events on the bus of the embedded AWS: late, duplicated, reordered, malformed, with wrong clocks, while the functions'
calls to AWS fail at random. Redrives the events whose retries are exhausted, and reconciles all events. Exits with 1 when one is
missing or doubled.

  --shipments N  number of shipments
  --updates N    number of status updates of all shipments
  --faults N     percentage of the functions' calls that get a fault
  --seed N       repeats the day of this seed (default: a new seed, which is printed)`;

const text = (fallback) => /** @type {const} */ ({ type: 'string', default: fallback });

/** The command line of `npm run simulate`. @throws UserError when it is invalid */
export function readOptions(args = process.argv.slice(2)) {
  const options = {
    shipments: text('400'),
    updates: text('1500'),
    faults: text('3'),
    seed: text(String(randomInt(2 ** 31))),
  };
  const { values } = readCommandLine(USAGE, { args, options });
  return {
    shipments: wholeNumber('shipments', values.shipments, { from: 1, to: 1e6 }),
    updates: wholeNumber('updates', values.updates, { to: 1e6 }),
    faults:
      wholeNumber('faults', values.faults, { to: 30, why: 'or events spend their attempts again and again' }) / 100,
    seed: wholeNumber('seed', values.seed, { to: 2 ** 32 - 1 }),
  };
}
