import { shellWord } from '../../contracts/shell';
import { UserError } from '../../lib/user-error.mjs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { recordDiscard } from '../error-row';
import { notBlank } from '../option-values';
import { type FinishingContext, finishingContextOf, help, needsAttention, type Register } from '../program';
import { QUEUE_KEYS, type QueueKey, queueName } from '../queues';

export const register: Register = (program) => {
  program
    .command('discard')
    .description('take a message out of its queue for good, and keep the reason on its error row')
    .argument('<message>', 'its id, as `queues <queue>` shows it')
    .requiredOption('--reason <text>', 'why', notBlank)
    .addHelpText('after', help('', 'discard 6f1e… --reason "test event of the carrier, agreed with them"'))
    .action(async (message: string, { reason }: { reason: string }, command) => {
      const context = finishingContextOf(command);
      const discarded = await discard(message, reason, context);
      if (discarded) return context.print.result(discarded);
      context.print.note('nothing was discarded: it ended before the message was found');
      needsAttention();
    });
};

interface Discarded {
  readonly message: string;
  readonly queue: string;
  /** The row that keeps the reason. */
  readonly error_id: string;
}

/**
 * Takes a message out of its queue for good. The reason is written onto the event's error row first: killed in between, the
 * message is still there and the command can be repeated.
 * @returns undefined when it ended before the message was found
 * @throws UserError when no queue has the message
 */
async function discard(messageId: string, reason: string, context: FinishingContext): Promise<Discarded | undefined> {
  const searches = await Promise.all(QUEUE_KEYS.map((key) => discardFrom(key, messageId, reason, context)));
  const discarded = searches.find((found) => found !== undefined);
  if (discarded || context.ending.aborted) return discarded;
  const { target } = context;
  throw new UserError(
    `no queue has a message ${shellWord(messageId)}: \`${target.command`queues {queue}`}\` lists what one holds`,
  );
}

async function discardFrom(
  key: QueueKey,
  messageId: string,
  reason: string,
  { target, print, ending }: FinishingContext,
) {
  const name = target.name(queueName(key));
  const queue = await DeadLetterQueue.open(target.sqs, name);
  for await (const message of queue.messages(print, ending)) {
    if (message.messageId !== messageId) continue;
    print.target(`account ${queue.account}, region ${queue.region}, queue ${name}`);
    const error_id = await recordDiscard(message.event, key, reason, target);
    await queue.delete(message);
    return { message: messageId, queue: name, error_id };
  }
  return undefined;
}
