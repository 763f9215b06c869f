import { Command, Option } from 'commander';
import { OPERATOR_COMMAND } from '../contracts/operator-command';
import { TARGET_OPTIONS, type Target, type TargetOptions, targetOf } from './target/target';
import { finishFirst } from './terminal/ending';
import { environmentSuffix } from './terminal/option-values';
import { forPeople, forPrograms, type Print, sanitize } from './terminal/output';

const EXIT_CODES = `
Exit codes: 0 done; 1 something failed, was refused, was left undone or needs attention; 2 a wrong command line; 130 interrupted.
Results go to stdout; everything else goes to stderr, and names the account and region before anything is changed there.`;

interface GlobalOptions extends TargetOptions {
  readonly json?: boolean;
}

/** Adds a command with its options, help and action to the program. */
export type Register = (program: Command) => void;

export function createProgram(commands: readonly Register[]): Command {
  const program = new Command('logistics')
    .description('Works on a deployed stack, on AWS or local.')
    .addOption(new Option('--env <suffix>', 'the environment').default('dev').argParser(environmentSuffix))
    .option('--region <region>', "the AWS region (default: AWS_REGION, AWS_DEFAULT_REGION, or the profile's)")
    .option('--profile <name>', 'the AWS profile (default: AWS_PROFILE, or the ordinary chain of credentials)')
    .addOption(new Option('--endpoint <url>', 'a local stack, as `npm start` prints it').env('AWS_ENDPOINT_URL'))
    .option('--json', 'one JSON value a line')
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ showGlobalOptions: true })
    // Commander repeats what was typed, which may have control characters, and puts its suggestion on a line of its own.
    .configureOutput({ outputError: (text, write) => write(`${sanitize(text.trim().replaceAll('\n(', ' ('))}\n`) })
    .showHelpAfterError('(--help shows the usage; a value that begins with - goes after --)')
    .exitOverride();
  for (const register of commands) register(program);
  return program;
}

export interface Context {
  readonly target: Target;
  readonly print: Print;
}

/** Context of a command that finishes its current step before it ends. */
export interface FinishingContext extends Context {
  /** Aborted when the command must end after the current step. */
  readonly ending: AbortSignal;
}

export function finishingContextOf(command: Command): FinishingContext {
  const context = contextOf(command);
  return { ...context, ending: finishFirst(context.print) };
}

/** Target and output of a command, from the global options. */
export function contextOf(command: Command): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  const print = (options.json ? forPrograms : forPeople)(process.stdout, process.stderr);
  const typed = TARGET_OPTIONS.filter((name) => command.getOptionValueSourceWithGlobals(name) === 'cli');
  return { target: targetOf(options, Object.fromEntries(typed.map((name) => [name, options[name]]))), print };
}

/** Makes the command exit with 1, unless a signal has set another exit code. */
export function setAttentionExitCode(): void {
  process.exitCode ||= 1;
}

/** Last part of a command's help: explanation and examples. A test runs each example. */
export const help = (about: string, ...lines: readonly string[]) =>
  ['', ...(about ? [about, ''] : []), 'Examples:', ...lines.map((line) => `  ${OPERATOR_COMMAND} ${line}`)].join('\n');
