import { QUEUED_FUNCTION_KEYS } from '../../contracts/functions';
import { UserError } from '../../lib/user-error.mjs';
import { recordedFailureOf } from '../failures/error-row';
import { noSuchGroup } from '../failures/failure-groups';
import { DeadLetterQueue } from '../messages/dead-letter-queue';
import { discard, withMessage } from '../messages/held-message';
import { type FinishingContext, finishingContextOf, help, type Register, setAttentionExitCode } from '../program';
import { failureGroup, notBlank } from '../terminal/option-values';

const ABOUT = `With --group: every message whose event failed for this cause, from the queues of all functions. \`redrive --group {group} --dry-run\`
shows them first.`;

export const register: Register = (program) => {
  program
    .command('discard')
    .description('delete a message for good, and record the reason on its error row')
    .argument('[message]', 'its id, as `queues <queue>` shows it')
    .requiredOption('--reason <text>', 'why', notBlank)
    .option('--group <id>', 'all messages of one cause instead, as `errors --group` names it', failureGroup)
    .addHelpText(
      'after',
      help(
        ABOUT,
        'discard 6f1e… --reason "test event of the carrier, agreed with them"',
        'discard --group 6f1e… --reason "sent again by their producer"',
      ),
    )
    .action(async (message: string | undefined, { reason, group }: { reason: string; group?: string }, command) => {
      const context = finishingContextOf(command);
      const { print, ending } = context;
      if (message !== undefined && group === undefined) {
        const discarded = await withMessage(message, context, (held) => discard(held, reason, context.target));
        if (discarded) return print.result(discarded);
        print.note('nothing was discarded: it ended before the message was found');
      } else if (message === undefined && group !== undefined) {
        const discarded = await discardGroup(group, reason, context);
        print.note(`${discarded} discarded${ending.aborted ? ': it ended early, and the rest is in the queues' : ''}`);
        if (!ending.aborted) return;
      } else throw new UserError('give a message or --group, one of the two', 2);
      setAttentionExitCode();
    });
};

/** @throws UserError when no queue has a message of the group */
async function discardGroup(group: string, reason: string, context: FinishingContext): Promise<number> {
  const { target, print, ending } = context;
  let discarded = 0;
  const discardFrom = QUEUED_FUNCTION_KEYS.map(async (key) => {
    const queue = await DeadLetterQueue.open(key, target);
    print.target(`${queue.place}, queue ${queue.name}`);
    for await (const message of queue.messages(context)) {
      if ((await recordedFailureOf(message.event, key, target)).group !== group) continue;
      print.rows([await discard({ queue, message }, reason, target)]);
      discarded += 1;
    }
  });
  await Promise.all(discardFrom);
  if (discarded === 0 && !ending.aborted) throw noSuchGroup(group, target);
  return discarded;
}
