/** `npx logistics`: what an operator does with a deployed stack, on AWS or local. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { FUNCTION_KEYS, type FunctionKey } from '../contracts/functions';
import { Trouble } from '../local/trouble';
import type { ErrorType } from '../src/domain/failure-row';
import { troubleOf } from './aws-trouble';
import { discard } from './discard';
import { forPeople, forPrograms, harmless } from './output';
import { type RedriveOptions, redrive } from './redrive';
import { replay, spanOf } from './replay';
import { type TargetOptions, targetOf } from './target';

const EXIT_CODES = `
Exit codes: 0 done; 1 something failed, or an event was refused or not understood; 2 a wrong command line; 130 interrupted.`;

const ERROR_TYPES: readonly ErrorType[] = ['transient', 'rejected', 'conflict'];

interface GlobalOptions extends TargetOptions {
  readonly json?: boolean;
}

const program = new Command('logistics')
  .description('Works on a deployed stack, on AWS or local.')
  .option('--env <suffix>', 'the environment', 'dev')
  .option('--region <region>', 'the AWS region (default: the environment’s or the profile’s)')
  .option('--profile <name>', 'the AWS profile')
  .option('--endpoint <url>', 'a local stack, as `npm start` prints it')
  .option('--json', 'one JSON value a line')
  .addHelpText('after', EXIT_CODES)
  .showHelpAfterError('(--help shows the usage)')
  .exitOverride();

const printOf = ({ json }: GlobalOptions) => (json ? forPrograms : forPeople)(process.stdout, process.stderr);

program
  .command('redrive')
  .description("hand the events in a function's failure queue to the function again")
  .addArgument(new Argument('<function>').choices(FUNCTION_KEYS))
  .option('--dry-run', 'show what would be done and do nothing')
  .option('--max <n>', 'at most this many events', positiveInteger)
  .addOption(new Option('--only <type>', 'only events that failed in this way').choices(ERROR_TYPES))
  .addHelpText(
    'after',
    '\nExample: logistics redrive status-updater --dry-run\n         logistics redrive status-updater --only transient',
  )
  .action(async (key: FunctionKey, options: RedriveOptions, command: Command) => {
    const globals = command.optsWithGlobals<GlobalOptions>();
    const print = printOf(globals);
    const results = await redrive(key, options, targetOf(globals), print);
    const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
    const outcomes = [...new Set(results.map(({ outcome }) => outcome))].map(
      (outcome) => `${count(outcome)} ${outcome}`,
    );
    print.note(outcomes.join(', ') || 'nothing is in the queue');
    if (count('refused') + count('not understood') > 0) process.exitCode = 1;
  });

program
  .command('discard')
  .description('take a message out of its failure queue for good, and keep the reason on its error row')
  .argument('<message>', 'its id, as `redrive --dry-run` shows it')
  .requiredOption('--reason <text>', 'why', notBlank)
  .addHelpText('after', '\nExample: logistics discard 6f1e… --reason "test event of the carrier, agreed with them"')
  .action(async (message: string, { reason }: { reason: string }, command: Command) => {
    const globals = command.optsWithGlobals<GlobalOptions>();
    const print = printOf(globals);
    print.result(await discard(message, reason, targetOf(globals), print));
  });

program
  .command('replay')
  .description('put the archived events of a span of time on the bus again')
  .requiredOption('--from <time>', 'RFC 3339, like 2026-03-01T00:00:00Z')
  .option('--to <time>', 'RFC 3339 (default: now)')
  .option('--wait', 'until the replay has ended')
  .addHelpText('after', '\nExample: logistics replay --from 2026-03-03T00:00:00Z --to 2026-03-04T00:00:00Z --wait')
  .action(async (options: { from: string; to?: string; wait?: boolean }, command: Command) => {
    const globals = command.optsWithGlobals<GlobalOptions>();
    const print = printOf(globals);
    const span = spanOf(options.from, options.to ?? new Date().toISOString());
    const replayed = await replay(span, options, targetOf(globals), print);
    print.result(replayed);
    if (options.wait && replayed.state !== 'COMPLETED') process.exitCode = 1;
  });

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('give a whole number from 1 on.');
  return value;
}

function notBlank(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('say why.');
  return text;
}

/** A reader that has seen enough (`| head`) ends the command quietly. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

program.parseAsync().catch((thrown: unknown) => {
  const error = troubleOf(thrown);
  if (error instanceof Trouble) {
    console.error(harmless(error.message));
    process.exitCode = error.exitCode;
    return;
  }
  // Commander has said what is wrong; help and version are no errors.
  if (error instanceof Error && 'exitCode' in error && 'code' in error && String(error.code).startsWith('commander.')) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  throw error;
});
