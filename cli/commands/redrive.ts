import { InvokeCommand } from '@aws-sdk/client-lambda';
import { Argument, Option } from 'commander';
import {
  deadLetterQueueName,
  EVENT_FUNCTION_KEYS,
  type EventFunctionKey,
  functionName,
  LIVE_ALIAS,
} from '../../contracts/functions';
import { UserError } from '../../lib/user-error.mjs';
import type { ErrorType } from '../../src/domain/failure-row';
import type { Json } from '../../src/domain/json';
import { ERROR_TYPES, recordedFailureOf, recordRedrive, subjectOf } from '../failures/error-row';
import { noneOf } from '../failures/failure-groups';
import { DeadLetterQueue, type QueueMessage } from '../messages/dead-letter-queue';
import { type FinishingContext, finishingContextOf, help, needsAttention, type Register } from '../program';
import { isAnswer } from '../target/aws-errors';
import type { Target } from '../target/target';
import { failureGroup, positiveInteger } from '../terminal/option-values';
import type { Print } from '../terminal/output';
import { repeated } from '../terminal/repeated';

const ABOUT = `Events that were rejected, or that conflict with a recorded one, would fail again: they are left, unless --only or --group names
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
    .action(async (key: EventFunctionKey | undefined, options: RedriveOptions, command) => {
      const context = finishingContextOf(command);
      const { target, print, ending } = context;
      const { counts, left, room } = await redriveAll(key, options, context);
      print.note(counted(counts) || (ending.aborted ? 'nothing was redriven' : 'nothing was found in the queue'));
      if (ending.aborted && !options.dryRun && room > 0) {
        const max = options.max && room;
        const again = { '': key, '--only': options.only, '--group': options.group, '--max': max };
        print.note(`ended early, and the rest is in the queue again: ${repeated(target.command, 'redrive', again)}`);
        needsAttention();
      }
      const cannotSucceed = key !== undefined && isByDefault(options) && left.size > 0;
      if (cannotSucceed) explain(left, key, target, print);
      if (cannotSucceed || counts.has('refused') || counts.has('not understood')) needsAttention();
    });
};

const isByDefault = ({ only, group }: RedriveOptions) => only === undefined && group === undefined;

/** @throws UserError when neither a function nor a group is given, or no queue has an event of the group */
async function redriveAll(key: EventFunctionKey | undefined, options: RedriveOptions, context: FinishingContext) {
  const { group } = options;
  if (key === undefined && group === undefined) throw new UserError('give a function or --group', 2);
  const counts = new Map<Outcome, number>();
  const left = new Map<ErrorType, number>();
  let room = options.max ?? Number.POSITIVE_INFINITY;
  for (const each of key ? [key] : EVENT_FUNCTION_KEYS) {
    if (context.ending.aborted || room === 0) break;
    const redriven = await redrive(each, { ...options, max: room }, context);
    for (const [outcome, count] of redriven.counts) add(counts, outcome, count);
    for (const [type, count] of redriven.left) add(left, type, count);
    room -= redriven.taken;
  }
  const isFound = [...counts.keys()].some((outcome) => outcome !== 'left');
  if (group && !isFound && !context.ending.aborted) throw noneOf(group, context.target);
  return { counts, left, room };
}

const add = <T>(counts: Map<T, number>, what: T, count = 1) => counts.set(what, (counts.get(what) ?? 0) + count);

const counted = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([what, count]) => `${count} ${what}`).join(', ');

/** Says what to do with events that no retry helps. */
function explain(left: ReadonlyMap<ErrorType, number>, key: EventFunctionKey, { command }: Target, print: Print): void {
  print.note(
    `left because they would fail again: ${counted(left)}. Their producer sends them again, fixed; then take each message out: ${command`discard {message} --reason "sent again"`}`,
  );
  const again = [...left.keys()].map((type) => command`redrive ${key} --only ${type}`);
  print.note(`after a deployment that accepts them: ${again.join('; ')}`);
}

/** The reason is free text, and comes last. */
const COLUMNS: readonly (keyof Redriven)[] = ['message', 'arrived', 'shipment', 'event', 'failed', 'outcome', 'reason'];

interface RedriveOptions {
  /** Shows what would be done and does nothing. */
  readonly dryRun?: boolean;
  /** At most this many events. */
  readonly max?: number;
  /** Only events that failed in this way; transient when neither this nor a group is given. */
  readonly only?: ErrorType;
  /** Only events that failed for this cause. */
  readonly group?: string;
}

/** Messages by their outcome, and those that were left by how their events failed. */
interface Redrive {
  readonly counts: ReadonlyMap<Outcome, number>;
  readonly left: ReadonlyMap<ErrorType, number>;
  /** Those that count for `max`. */
  readonly taken: number;
}

type Outcome = 'would be redriven' | 'redriven' | 'left' | 'not understood' | 'refused';

/** Outcome of one message. */
interface Redriven {
  readonly message: string;
  readonly arrived: string;
  readonly shipment: string;
  readonly event: string;
  readonly failed: string;
  /** As its error row has it; undefined of a message that holds no event. */
  readonly error_type?: ErrorType;
  readonly outcome: Outcome;
  readonly reason: string;
}

/**
 * Redrives the events of a function's dead-letter queue to the function, asynchronously and as they were on the bus, so that their
 * identity is kept. A message is deleted only after Lambda has accepted the event: killed at any point, the command leaves the event
 * in the queue, or in the queue and accepted, and accepting an event twice has one effect.
 */
export async function redrive(
  key: EventFunctionKey,
  { dryRun = false, max = Number.POSITIVE_INFINITY, ...selection }: RedriveOptions,
  { target, print, ending }: FinishingContext,
): Promise<Redrive> {
  const queue = await DeadLetterQueue.open(target.sqs, target.name(deadLetterQueueName(key)));
  print.target(`account ${queue.account}, region ${queue.region}, function ${target.name(functionName(key))}`);
  const counts = new Map<Outcome, number>();
  const left = new Map<ErrorType, number>();
  let taken = 0;
  for await (const message of queue.messages(print, ending)) {
    if (taken >= max) break;
    const result = await redriveOne(message, key, { dryRun, ...selection }, queue, target);
    if (result.outcome !== 'left' && result.outcome !== 'not understood') taken += 1;
    add(counts, result.outcome);
    if (result.outcome === 'left' && result.error_type) add(left, result.error_type);
    // Of a group's queue the others are none of the operator's question.
    if (selection.group === undefined || result.outcome !== 'left') print.rows([result], COLUMNS);
  }
  return { counts, left, taken };
}

async function redriveOne(
  message: QueueMessage,
  key: EventFunctionKey,
  { dryRun, only = 'transient', group }: Pick<RedriveOptions, 'dryRun' | 'only' | 'group'>,
  queue: DeadLetterQueue,
  target: Target,
): Promise<Redriven> {
  const arrived = new Date(message.arrivedAt).toISOString();
  if ('unreadable' in message) {
    const nothing = { shipment: '-', event: '-', failed: '-' };
    // What cannot be read is of no group.
    const outcome = group === undefined ? 'not understood' : 'left';
    return { message: message.messageId, arrived, ...nothing, reason: message.unreadable, outcome };
  }
  const { shipment_id, event_id } = subjectOf(message.event, key, target);
  const failure = await recordedFailureOf(message.event, key, target);
  const { error_type } = failure;
  const shown = {
    message: message.messageId,
    arrived,
    shipment: shipment_id,
    event: event_id,
    failed: `${message.route}, ${error_type}`,
    error_type,
    reason: message.reason,
  };
  const isSelected = group === undefined ? error_type === only : failure.group === group;
  if (!isSelected) return { ...shown, outcome: 'left' };
  if (dryRun) return { ...shown, outcome: 'would be redriven' };
  const refusal = await invoke(message.event, key, target);
  if (refusal !== undefined) return { ...shown, reason: refusal, outcome: 'refused' };
  await recordRedrive(message.event, key, target);
  await queue.delete(message);
  return { ...shown, outcome: 'redriven' };
}

/** Lambda's refusals of one event alone. Any other error would meet the next event too, and ends the command. */
const REFUSALS = [
  'RequestTooLargeException',
  'SerializedRequestEntityTooLargeException',
  'InvalidRequestContentException',
];

/**
 * 202 is Lambda's word that the event is in its queue; anything else leaves the message where it is.
 * @returns why Lambda did not take the event; undefined when it did
 */
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
