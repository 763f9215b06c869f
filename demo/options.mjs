import { readCommandLine, wholeNumber } from '../lib/command-line.mjs';

const USAGE = `npm start -- [--once] [--port N]

Builds the application, deploys it to an embedded AWS on this machine, puts the sample events on the bus and prints the outcome. Then
serves a page that shows the stack, until Ctrl-C.

  --once     exit after the outcome, with 1 if anything is not as expected
  --port N   the embedded AWS's port (default: any free one)
  --help     this text`;

/** The command line of `npm start`. @throws UserError when it is invalid */
export function readOptions(args = process.argv.slice(2)) {
  const { values } = readCommandLine(USAGE, {
    args,
    options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
  });
  return { once: values.once, port: wholeNumber('port', values.port, { to: 65_535 }) };
}
