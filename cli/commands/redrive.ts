import { InvokeCommand } from '@aws-sdk/client-lambda';
import { Argument, Option } from 'commander';
import { FUNCTION_KEYS, type FunctionKey, failureQueueName, functionName, LIVE_ALIAS } from '../../contracts/functions';
import type { ErrorType } from '../../src/domain/failure-row';
import type { Json } from '../../src/domain/json';
import { isAnswer } from '../aws-trouble';
import { ERROR_TYPES, errorTypeOf, subjectOf } from '../error-row';
import { FailureQueue, type QueueMessage } from '../failure-queue';
import { positiveInteger } from '../option-values';
import type { Print } from '../output';
import { contextOf, help, needsAttention, type Register } from '../program';
import type { Target } from '../target';

export const register: Register = (program) => {
  program
    .command('redrive')
    .description("hand the events in a function's failure queue to the function again")
    .addArgument(new Argument('<function>').choices(FUNCTION_KEYS))
    .option('--dry-run', 'show what would be done and do nothing')
    .option('--max <n>', 'at most this many events', positiveInteger)
    .addOption(new Option('--only <type>', 'only events that failed in this way').choices(ERROR_TYPES))
    .addHelpText('after', help('', 'redrive status-updater --dry-run', 'redrive status-updater --only transient'))
    .action(async (key: FunctionKey, options: RedriveOptions, command) => {
      const { target, print } = contextOf(command);
      const counts = await redrive(key, options, target, print);
      print.note(
        [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'nothing was found in the queue',
      );
      if (counts.has('refused') || counts.has('not understood')) needsAttention();
    });
};

/** The reason is free text, and comes last. */
const COLUMNS: readonly (keyof Redriven)[] = ['message', 'arrived', 'shipment', 'event', 'failed', 'outcome', 'reason'];

interface RedriveOptions {
  /** Shows what would be done and does nothing. */
  readonly dryRun?: boolean;
  /** At most this many events. */
  readonly max?: number;
  /** Only events that failed in this way. */
  readonly only?: ErrorType;
}

type Outcome = 'would be redriven' | 'redriven' | 'left' | 'not understood' | 'refused';

/** What became of one message. */
interface Redriven {
  readonly message: string;
  readonly arrived: string;
  readonly shipment: string;
  readonly event: string;
  readonly failed: string;
  readonly outcome: Outcome;
  readonly reason: string;
}

/**
 * Hands the events of a function's failure queue to the function again, asynchronously and as they were on the bus, so that their
 * identity is kept. A message is deleted only after Lambda has accepted the event: killed at any point, the command leaves the event
 * in the queue, or in the queue and accepted, and accepting an event twice has one effect.
 * @returns how many messages came to each outcome
 */
export async function redrive(
  key: FunctionKey,
  { dryRun = false, max = Number.POSITIVE_INFINITY, only }: RedriveOptions,
  target: Target,
  print: Print,
): Promise<ReadonlyMap<Outcome, number>> {
  const queue = await FailureQueue.open(target.sqs, target.name(failureQueueName(key)));
  print.where(`account ${queue.account}, region ${queue.region}, function ${target.name(functionName(key))}`);
  const counts = new Map<Outcome, number>();
  let taken = 0;
  for await (const message of queue.messages(print)) {
    if (taken >= max) break;
    const result = await redriveOne(message, key, { dryRun, only }, queue, target);
    if (result.outcome !== 'left' && result.outcome !== 'not understood') taken += 1;
    counts.set(result.outcome, (counts.get(result.outcome) ?? 0) + 1);
    print.rows([result], COLUMNS);
  }
  return counts;
}

async function redriveOne(
  message: QueueMessage,
  key: FunctionKey,
  { dryRun, only }: { dryRun: boolean; only: ErrorType | undefined },
  queue: FailureQueue,
  target: Target,
): Promise<Redriven> {
  const arrived = new Date(message.arrivedAt).toISOString();
  if ('unreadable' in message) {
    const nothing = { shipment: '-', event: '-', failed: '-' };
    return { message: message.messageId, arrived, ...nothing, reason: message.unreadable, outcome: 'not understood' };
  }
  const { shipment_id, event_id } = subjectOf(message.event, key, target);
  const errorType = await errorTypeOf(message.event, key, target);
  const shown = {
    message: message.messageId,
    arrived,
    shipment: shipment_id,
    event: event_id,
    failed: `${message.door}, ${errorType}`,
    reason: message.reason,
  };
  if (only !== undefined && errorType !== only) return { ...shown, outcome: 'left' };
  if (dryRun) return { ...shown, outcome: 'would be redriven' };
  const refusal = await handOver(message.event, key, target);
  if (refusal !== undefined) return { ...shown, reason: refusal, outcome: 'refused' };
  await queue.delete(message);
  return { ...shown, outcome: 'redriven' };
}

/** What Lambda says of one event alone. Anything else it would say of the next one too, and ends the command. */
const REFUSALS = [
  'RequestTooLargeException',
  'SerializedRequestEntityTooLargeException',
  'InvalidRequestContentException',
];

/**
 * 202 is Lambda's word that the event is in its queue; anything else leaves the message where it is.
 * @returns why Lambda did not take the event; undefined when it did
 */
async function handOver(event: Json, key: FunctionKey, target: Target): Promise<string | undefined> {
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
