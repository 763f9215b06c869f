/** `npm run simulate`: sets the project up, then lives through a day of shipment events under faults. */
import { randomInt } from 'node:crypto';
import { readCommandLine } from './setup/command-line.mjs';
import { runLocal } from './setup/run-local.mjs';
import { runMain, Trouble } from './setup/trouble.mjs';

const USAGE = `npm run simulate -- [--shipments 400] [--updates 1500] [--faults 3] [--seed N]

Puts a day of events on the bus of the embedded AWS: late, duplicated, reordered, malformed, with wrong clocks, while the functions'
own calls to AWS fail at random; redrives what was given up; and accounts for every event. Exits with 1 unless it balances.

  --shipments N  how many shipments
  --updates N    how many status updates in all
  --faults N     per cent of the functions' calls that are spoiled
  --seed N       the same seed is the same day (default: a new one, printed)`;

const text = (fallback) => ({ type: 'string', default: fallback });
const OPTIONS = {
  shipments: text('400'),
  updates: text('1500'),
  faults: text('3'),
  seed: text(String(randomInt(2 ** 31))),
  help: { type: 'boolean' },
};

function readOptions() {
  const { values } = readCommandLine(USAGE, { options: OPTIONS });
  for (const name of ['shipments', 'updates', 'faults', 'seed']) {
    if (!/^\d{1,10}$/.test(values[name]))
      throw new Trouble(`--${name} is ${JSON.stringify(values[name])}: give a whole number`, 2);
  }
  if (Number(values.shipments) === 0) throw new Trouble('--shipments is 0: a day has at least one', 2);
  if (Number(values.faults) > 30)
    throw new Trouble('--faults is over 30: with so many, events spend their attempts again and again', 2);
  return values;
}

await runMain(async () => {
  const { help, ...values } = readOptions();
  if (help) return console.log(USAGE);
  console.log(`seed ${values.seed}`);
  process.argv.splice(2, process.argv.length, ...Object.entries(values).map(([name, value]) => `--${name}=${value}`));
  return runLocal('local/simulation/main.ts');
});
