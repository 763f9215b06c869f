import { randomInt } from 'node:crypto';
import { readCommandLine, wholeNumber } from '../../lib/command-line.mjs';

const USAGE = `npm run simulate -- [--shipments 400] [--updates 1500] [--faults 3] [--seed N]

Puts a day of events on the bus of the embedded AWS: late, duplicated, reordered, malformed, with wrong clocks, while the functions'
own calls to AWS fail at random; redrives what failed after all retries; and reconciles every event. Exits with 1 when one is missing or doubled.

  --shipments N  how many shipments
  --updates N    how many status updates in all
  --faults N     per cent of the functions' calls that get a fault
  --seed N       the same seed is the same day (default: a new one, printed)`;

const text = (fallback) => /** @type {const} */ ({ type: 'string', default: fallback });

/** The command line of `npm run simulate`. @throws UserError when it is wrong */
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
