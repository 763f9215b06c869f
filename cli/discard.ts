import { FUNCTION_KEYS, type FunctionKey, failureQueueName } from '../contracts/functions';
import { Trouble } from '../local/trouble';
import { recordDiscard } from './error-row';
import { FailureQueue } from './failure-queue';
import type { Print } from './output';
import type { Target } from './target';

export interface Discarded {
  readonly message: string;
  readonly queue: string;
  /** The row that keeps the reason. */
  readonly error_id: string;
}

/**
 * Takes a message out of its failure queue for good. The reason is written onto the event's error row first: killed in between, the
 * message is still there and the command can be repeated.
 * @throws Trouble when no failure queue has the message
 */
export async function discard(messageId: string, reason: string, target: Target, print: Print): Promise<Discarded> {
  for (const key of FUNCTION_KEYS) {
    const discarded = await discardFrom(key, messageId, reason, target, print);
    if (discarded) return discarded;
  }
  throw new Trouble(
    `no failure queue has a message ${messageId}: \`logistics redrive <function> --dry-run\` lists them`,
  );
}

async function discardFrom(key: FunctionKey, messageId: string, reason: string, target: Target, print: Print) {
  const name = target.name(failureQueueName(key));
  const queue = await FailureQueue.open(target.sqs, name);
  for await (const message of queue.messages()) {
    if (message.messageId !== messageId) continue;
    print.where(`account ${queue.account}, region ${queue.region}, queue ${name}`);
    const event = 'unreadable' in message ? null : message.event;
    const error_id = await recordDiscard(event, key, reason, target);
    await queue.delete(message);
    return { message: messageId, queue: name, error_id };
  }
  return undefined;
}
