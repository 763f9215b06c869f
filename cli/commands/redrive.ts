import { InvokeCommand } from '@aws-sdk/client-lambda';
import { Argument, Option } from 'commander';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey, functionName, LIVE_ALIAS } from '../../contracts/functions';
import { UserError } from '../../lib/user-error.mjs';
import type { ErrorType } from '../../src/domain/failure-row';
import type { Json } from '../../src/domain/json';
import { ERROR_TYPES, recordedFailureOf, recordRedrive } from '../failures/error-row';
import { noSuchGroup } from '../failures/failure-groups';
import { DeadLetterQueue, type QueueMessage } from '../messages/dead-letter-queue';
import {
  type Context,
  type FinishingContext,
  finishingContextOf,
  help,
  type Register,
  setAttentionExitCode,
} from '../program';
import { isAnswer } from '../target/aws-errors';
import type { Target } from '../target/target';
import { failureGroup, positiveInteger } from '../terminal/option-values';
import { rerunCommand } from '../terminal/rerun-command';

const ABOUT = `Events that were rejected, or that conflict with a recorded one, would fail again: they stay in the queue, unless --only or --group selects
them (after a deployment that accepts them). Ends with 1 when any were left for that reason, refused by Lambda or not understood; so does a dry run.`;

export const register: Register = (program) => {
  program
    .command('redrive')
    .description("redrive the events in a function's dead-letter queue to the function")
    .addArgument(new Argument('[function]', 'needed without --group').choices(EVENT_FUNCTION_KEYS))
    .option('--dry-run', 'show what would be done and do nothing')
    .option('--max <n>', 'at most this many events', positiveInteger)
    .addOption(new Option('--only <type>', 'only events that failed in this way').choices(ERROR_TYPES))
    .addOption(
      new Option('--group <id>', 'only events that failed for this cause, as `errors --group` names it')
        .argParser(failureGroup)
        .conflicts('only'),
    )
    .addHelpText(
      'after',
      help(
        ABOUT,
        'redrive status-updater --dry-run',
        'redrive status-updater --only transient',
        'redrive --group 6f1e… --dry-run',
      ),
    )
    .action((key: EventFunctionKey | undefined, options: RedriveOptions, command) =>
      redriveAll(key, options, finishingContextOf(command)),
    );
};

/** @throws UserError when neither a function nor a group is given, or no queue has an event of the group */
async function redriveAll(key: EventFunctionKey | undefined, options: RedriveOptions, context: FinishingContext) {
  const { target, print, ending } = context;
  const { only, group } = options;
  if (key === undefined && group === undefined) throw new UserError('give a function or --group', 2);
  const tally = new Tally(options.max);
  for (const queue of key ? [key] : EVENT_FUNCTION_KEYS) {
    if (ending.aborted || tally.room === 0) break;
    await redrive(queue, options, context, tally);
  }
  const { counts, left } = tally;
  const isFound = [...counts.keys()].some((outcome) => outcome !== 'left');
  if (group && !isFound && !ending.aborted) throw noSuchGroup(group, target);
  print.note(countsInWords(counts) || (ending.aborted ? 'nothing was redriven' : 'nothing was found in the queue'));
  if (ending.aborted && !options.dryRun && tally.room > 0) {
    const again = { '': key, '--only': only, '--group': group, '--max': options.max && tally.room };
    print.note(`ended early, and the rest is in the queue again: ${rerunCommand(target.command, 'redrive', again)}`);
    setAttentionExitCode();
  }
  const cannotSucceed = key !== undefined && only === undefined && group === undefined && left.size > 0;
  if (cannotSucceed) explain(left, key, context);
  if (cannotSucceed || counts.has('refused') || counts.has('not understood')) setAttentionExitCode();
}

const countsInWords = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([what, count]) => `${count} ${what}`).join(', ');

function explain(left: Tally['left'], key: EventFunctionKey, { target: { command }, print }: Context): void {
  print.note(
    `left because they would fail again: ${countsInWords(left)}. Their producer must fix and resend them; then discard each message: ${command`discard {message} --reason "sent again"`}`,
  );
  const again = [...left.keys()].map((type) => command`redrive ${key} --only ${type}`);
  print.note(`after a deployment that accepts them: ${again.join('; ')}`);
}

const COLUMNS = ['message', 'arrived', 'shipment', 'event', 'failed', 'outcome', 'reason'] as const;

interface RedriveOptions {
  readonly dryRun?: boolean;
  readonly max?: number;
  /** `transient` when neither this nor a group is given. */
  readonly only?: ErrorType;
  readonly group?: string;
}

class Tally {
  readonly counts = new Map<Redriven['outcome'], number>();
  /** Messages that were left, by error type. */
  readonly left = new Map<ErrorType, number>();

  /** @param room how many more events may be redriven */
  constructor(public room = Number.POSITIVE_INFINITY) {}

  add({ outcome, error_type }: Redriven): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
    if (outcome === 'left' && error_type) this.left.set(error_type, (this.left.get(error_type) ?? 0) + 1);
    if (outcome !== 'left' && outcome !== 'not understood') this.room -= 1;
  }
}

type Redriven = Awaited<ReturnType<typeof redriveOne>>;

/**
 * Redrives the events of a function's dead-letter queue to the function, asynchronously and as they were on the bus, so that they keep their
 * identity. Deletes a message only after Lambda has accepted the event: a command that is killed loses no event, and a duplicate has no effect.
 */
export async function redrive(
  key: EventFunctionKey,
  options: RedriveOptions,
  context: FinishingContext,
  tally = new Tally(options.max),
): Promise<Tally> {
  const { target, print } = context;
  const queue = await DeadLetterQueue.open(key, target);
  print.target(`${queue.place}, function ${target.name(functionName(key))}`);
  for await (const message of queue.messages(context)) {
    if (tally.room === 0) break;
    const result = await redriveOne(message, key, options, queue, target);
    tally.add(result);
    // With --group, messages of other groups are not listed.
    if (options.group === undefined || result.outcome !== 'left') print.rows([result], COLUMNS);
  }
  return tally;
}

async function redriveOne(
  message: QueueMessage,
  key: EventFunctionKey,
  { dryRun, only = 'transient', group }: RedriveOptions,
  queue: DeadLetterQueue,
  target: Target,
) {
  const common = { message: message.messageId, arrived: new Date(message.arrivedAt).toISOString() };
  if ('unreadable' in message) {
    const unknown = { shipment: '-', event: '-', failed: '-', error_type: undefined, reason: message.unreadable };
    // An unreadable message is in no group.
    return { ...common, ...unknown, outcome: group === undefined ? 'not understood' : 'left' } as const;
  }
  const failure = await recordedFailureOf(message.event, key, target);
  const { shipment_id: shipment, event_id: event, error_type } = failure;
  const failed = `${message.route}, ${error_type}`;
  const row = { ...common, shipment, event, failed, error_type, reason: message.reason };
  const isSelected = group === undefined ? error_type === only : failure.group === group;
  if (!isSelected) return { ...row, outcome: 'left' } as const;
  if (dryRun) return { ...row, outcome: 'would be redriven' } as const;
  const refusal = await invoke(message.event, key, target);
  if (refusal !== undefined) return { ...row, reason: refusal, outcome: 'refused' } as const;
  await recordRedrive(message.event, key, target);
  await queue.delete(message);
  return { ...row, outcome: 'redriven' } as const;
}

/** Lambda's errors that concern only one event. Any other error would affect the next event too, and ends the command. */
const REFUSALS = [
  'RequestTooLargeException',
  'SerializedRequestEntityTooLargeException',
  'InvalidRequestContentException',
];

/** Invokes the function asynchronously. @returns why Lambda did not accept the event; undefined when it did (202) */
async function invoke(event: Json, key: EventFunctionKey, target: Target): Promise<string | undefined> {
  const invocation = new InvokeCommand({
    FunctionName: target.name(functionName(key)),
    Qualifier: LIVE_ALIAS,
    InvocationType: 'Event',
    Payload: Buffer.from(JSON.stringify(event)),
  });
  try {
    const { StatusCode } = await target.lambda.send(invocation);
    return StatusCode === 202 ? undefined : `Lambda answered ${StatusCode}`;
  } catch (error) {
    if (isAnswer(error) && REFUSALS.includes(error.name)) return `Lambda does not take it: ${error.message}`;
    throw error;
  }
}
