import { ARCHIVE_DAYS, QUEUE_RETENTION_DAYS, RECOVERY_DAYS } from '../../contracts/retention';
import { TABLES } from '../../contracts/tables';
import { UserError } from '../../lib/user-error.mjs';
import { DeadLetterQueue } from '../messages/dead-letter-queue';
import { QUEUE_KEYS } from '../messages/queues';
import { type FinishingContext, finishingContextOf, help, type Register, setAttentionExitCode } from '../program';
import {
  errorRowsOf,
  isAbout,
  logRowsOf,
  redactErrorRow,
  redactLogRow,
  redactRowOfMessage,
  type Subject,
} from '../redact/redaction';
import { shipmentId } from '../terminal/option-values';
import { rerunCommand } from '../terminal/rerun-command';

const ABOUT = `Erases what producers wrote in free text: the metadata of log rows (and the reason and author of a correction), and the event and
message of error rows. Identity, status and payload_hash stay, so the same event sent, redriven or replayed is still a duplicate and
restores nothing. It cannot be undone, and can be interrupted and repeated. At the end it lists the copies that it does not reach, and
until when they are kept; docs/privacy.md has the whole list.`;

export const register: Register = (program) => {
  program
    .command('redact')
    .description('erase the personal data of a shipment, or of one event')
    .argument('[shipment]', 'its shipment_id', shipmentId)
    .option('--event <id>', 'one event instead, by its event_id', shipmentId)
    .option('--dry-run', 'show what would be erased and erase nothing')
    .addHelpText(
      'after',
      help(ABOUT, 'redact SHP-1008 --dry-run', 'redact SHP-1008', 'redact --event nordfreight-000918273'),
    )
    .action((shipment: string | undefined, { event, dryRun = false }: RedactOptions, command) =>
      redact(subjectOf(shipment, event), dryRun, finishingContextOf(command)),
    );
};

interface RedactOptions {
  readonly event?: string;
  readonly dryRun?: boolean;
}

/** @throws UserError unless one of the two is given */
function subjectOf(shipment: string | undefined, event: string | undefined): Subject {
  if (shipment !== undefined && event === undefined) return { name: 'shipment_id', id: shipment };
  if (event !== undefined && shipment === undefined) return { name: 'event_id', id: event };
  throw new UserError('give a shipment_id or --event, one of the two', 2);
}

/**
 * Erases the subject's free text row by row. Each erasure is one idempotent write, so the next run completes an interrupted one. A message cannot be
 * changed: its error row is redacted and the message is listed.
 */
async function redact(subject: Subject, dryRun: boolean, context: FinishingContext): Promise<void> {
  const { target, print, ending } = context;
  const queues = await Promise.all(QUEUE_KEYS.map((key) => DeadLetterQueue.open(key, target)));
  print.target(`${queues[0]?.place}, environment ${target.environment}`);
  let [rows, messages] = [0, 0];
  for await (const { erase, ...found } of findAll(subject, queues, context)) {
    if (ending.aborted) break;
    const isMessage = found.kind === 'message';
    if (!dryRun) await erase();
    if (isMessage) messages += 1;
    else rows += 1;
    print.rows([{ ...found, outcome: isMessage ? 'waits' : dryRun ? 'would be erased' : 'erased' }]);
  }
  const option = subject.name === 'shipment_id' ? '' : '--event';
  const again = rerunCommand(target.command, 'redact', { [option]: subject.id, '--dry-run': dryRun });
  if (ending.aborted) {
    print.note(`ended early: ${again}`);
    return setAttentionExitCode();
  }
  print.note(`${rows} rows ${dryRun ? 'would be erased' : 'erased'}, ${messages} messages wait in queues`);
  if (messages > 0) print.note(`take each message out: ${target.command`discard {message} --reason "erased"`}`);
  if (queues.some(({ isPartlyRead }) => isPartlyRead)) {
    print.note(`messages that could not be read may be about it: ${again}`);
    setAttentionExitCode();
  }
  if (!dryRun) for (const line of copiesNotReached(target.now(), again)) print.note(line);
}

async function* findAll(subject: Subject, queues: readonly DeadLetterQueue[], context: FinishingContext) {
  const { target } = context;
  const [log, errors] = [target.name(TABLES.shipmentEvents.name), target.name(TABLES.errorEvents.name)];
  for await (const row of logRowsOf(subject, target))
    yield { kind: 'log row', found_id: row.event_id, in: log, erase: () => redactLogRow(row, target) };
  for await (const row of errorRowsOf(subject, target))
    yield { kind: 'error row', found_id: row.error_id, in: errors, erase: () => redactErrorRow(row, target) };
  const messages = await Promise.all(queues.map((queue) => messagesAbout(subject, queue, context)));
  for (const { queue, message } of messages.flat()) {
    const erase = () => redactRowOfMessage({ queue, message }, target);
    yield { kind: 'message', found_id: message.messageId, in: queue.name, erase };
  }
}

async function messagesAbout(subject: Subject, queue: DeadLetterQueue, context: FinishingContext) {
  const found = [];
  for await (const message of queue.messages(context))
    if (isAbout(subject, message.event)) found.push({ queue, message });
  return found;
}

/** @param again the command that repeats this one */
function copiesNotReached(now: number, again: string): readonly string[] {
  const until = (days: number) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);
  return [
    'not reached, and kept until:',
    `  ${until(ARCHIVE_DAYS)}  the archive`,
    `  ${until(QUEUE_RETENTION_DAYS)}  messages in dead-letter queues, unless they are discarded`,
    `  ${until(RECOVERY_DAYS)}  point-in-time recovery of the tables: after a restore to a moment before now, repeat this`,
    "  (LogRetentionDays)  lines at ERROR in the functions' logs, which may quote a value",
    '  (their receivers)  notifications that were sent',
    `until ${until(ARCHIVE_DAYS)} a replay of an event that then fails makes an error row, and an event under way may still arrive; then repeat: ${again}`,
  ];
}
