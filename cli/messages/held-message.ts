import { shellWord } from '../../contracts/shell';
import { UserError } from '../../lib/user-error.mjs';
import { recordDiscard } from '../failures/error-row';
import type { FinishingContext } from '../program';
import type { Target } from '../target/target';
import { DeadLetterQueue, type QueueMessage } from './dead-letter-queue';
import { QUEUE_KEYS } from './queues';

/** A message that is hidden from other readers. */
export interface HeldMessage {
  readonly queue: DeadLetterQueue;
  readonly message: QueueMessage;
}

/**
 * Finds a message in the queues and works on it while it is hidden from other readers.
 * @returns undefined when the command ended before the message was found
 * @throws UserError when no queue has the message
 */
export async function withMessage<T extends object>(
  messageId: string,
  context: FinishingContext,
  work: (held: HeldMessage) => Promise<T>,
): Promise<T | undefined> {
  const { target, print, ending } = context;
  const searches = QUEUE_KEYS.map(async (key) => {
    const queue = await DeadLetterQueue.open(key, target);
    for await (const message of queue.messages(context)) {
      if (message.messageId !== messageId) continue;
      print.target(`${queue.place}, queue ${queue.name}`);
      // Leaving the loop releases the message, so the work must be done by then.
      return await work({ queue, message });
    }
    return undefined;
  });
  const found = (await Promise.all(searches)).find((result) => result !== undefined);
  if (found || ending.aborted) return found;
  throw new UserError(
    `no queue has a message ${shellWord(messageId)}: \`${target.command`queues {queue}`}\` lists what one holds`,
  );
}

/** Writes the reason onto the event's error row, then deletes the message, so that a command that is killed in between can be repeated. */
export async function discard({ queue, message }: HeldMessage, reason: string, target: Target) {
  const error_id = await recordDiscard(message.event, queue.key, reason, target);
  await queue.delete(message);
  return { message: message.messageId, queue: queue.name, error_id };
}
