import { type ConformanceOptions, conformance, MINUTE_MS } from '../conformance/run';
import { finishingContextOf, help, type Register } from '../program';
import { isLocal } from '../target/target';
import { askOnTerminal } from '../terminal/ask';

const ABOUT = `For a stack without data to protect: refuses one with TableDeletionProtection. Lists what it creates and the costs, and asks, unless --yes is given.
Removes what it created, also when it is interrupted. Each claim is held, differs, or not tried, with what was seen; docs/conformance.md has the list. Ends with
1 when a claim differs or something could not be removed.`;

/** One of AWS's minutes on the embedded AWS, whose retries take one and two seconds. */
const LOCAL_MINUTE_MS = 3_000;

export const register: Register = (program) => {
  program
    .command('conformance')
    .description('try on a deployed stack what this system expects of AWS')
    .option('--only <claims...>', 'these claims alone, by their ids')
    .option('--yes', 'do not ask')
    .option('--restore', 'restore a table to a point in time as well: up to an hour, and cents')
    .addHelpText(
      'after',
      help(
        ABOUT,
        'conformance --only conditional-put version-order --yes',
        'conformance --only alarm-message --yes --json',
      ),
    )
    .action(async (options: ConformanceOptions, command) => {
      const { target, print, ending } = finishingContextOf(command);
      const minute = isLocal(command.optsWithGlobals().endpoint) ? LOCAL_MINUTE_MS : MINUTE_MS;
      const ask = (question: string) =>
        askOnTerminal(question, 'nothing was tried: without a terminal, --yes says yes');
      await conformance(options, minute, target, print, ask, ending);
    });
};
