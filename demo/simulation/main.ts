/** `npm run simulate`: a day of events under faults, reconciled with a model. */
import { runCommand } from '../../local/command';
import type { OnStarted } from '../../local/started';
import { readOptions } from './options.mjs';
import { simulate } from './simulate';

async function main(onStarted: OnStarted): Promise<number> {
  const day = readOptions();
  console.log(`seed ${day.seed}`);
  const { account, sent, faultsMade, redriven } = await simulate(day, console.log, onStarted);
  const injected = [...faultsMade.injected].map(([act, times]) => `${act} ${times}`).join(', ');
  console.log(`\ninjected faults: ${injected || 'none'}`);
  console.log(`redriven: ${redriven}\n`);
  console.log(`${'sent'.padEnd(44)}${String(sent).padStart(7)}`);
  for (const [name, counted, expected] of account.lines) {
    const difference = counted === expected ? '' : `   expected ${expected}`;
    console.log(`${name.padEnd(44)}${String(counted).padStart(7)}${difference}`);
  }
  for (const problem of account.wrong.slice(0, 20)) console.error(`not as expected: ${problem}`);
  console.log(account.wrong.length === 0 ? '\nreconciled' : `\nnot reconciled (seed ${day.seed})`);
  return account.wrong.length === 0 ? 0 : 1;
}

runCommand(main);
