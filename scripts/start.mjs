/** `npm start`: sets the project up, then runs the whole pipeline on the embedded AWS. */
import { readCommandLine } from './setup/command-line.mjs';
import { runLocal } from './setup/run-local.mjs';
import { runMain, Trouble } from './setup/trouble.mjs';

const USAGE = `npm start -- [--once] [--port N]

Builds the application, deploys it to an embedded AWS on this machine, puts the sample events on the bus and shows what happened; then
a page on this machine shows what happens, until Ctrl-C.

  --once     exit when it has, with 1 if anything is not as expected
  --port N   the embedded AWS's port (default: any free one)
  --help     this text`;

const OPTIONS = { once: { type: 'boolean' }, port: { type: 'string', default: '0' }, help: { type: 'boolean' } };

/** A wrong command line is answered before set-up takes its minute. */
function readOptions() {
  const { values } = readCommandLine(USAGE, { options: OPTIONS });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new Trouble(`--port is ${JSON.stringify(values.port)}: give a number from 1 to 65535`, 2);
  }
  return values;
}

await runMain(async () => {
  if (readOptions().help) console.log(USAGE);
  else await runLocal('local/main.ts');
});
