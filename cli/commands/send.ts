import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { NAMES } from '../../contracts/names';
import { shell, shellWord } from '../../contracts/shell';
import { UserError } from '../../lib/user-error.mjs';
import { type Context, contextOf, help, type Register, setAttentionExitCode } from '../program';
import type { CheckOptions } from '../send/checked-event';
import { eventsOf, type LocatedEvent, Problems } from '../send/events';
import { type Input, inputOf } from '../send/input';
import { type Reconciliation, reconcile } from '../send/reconcile';
import { sendEvents, type Tally } from '../send/send-events';
import { finishFirst } from '../terminal/ending';
import { positiveInteger } from '../terminal/option-values';
import { Progress } from '../terminal/progress';
import { rerunCommand } from '../terminal/rerun-command';

const ABOUT = `An input holds one event, or one a line. An event is JSON with source, detail-type, detail and, if it is not happening
now, time; a PutEvents entry is accepted too. Each event is checked against its contract as its function would check it.

All files are checked first: if one event is invalid, nothing is sent. Events from a pipe are checked as they arrive: an invalid one is
reported and left out, the others are sent. In both cases an invalid event makes it end with 1. A number that parsing would change is
invalid in any event, and an input ends where it is not UTF-8.

A call has ten events, and those that the bus throttles are retried. Ctrl-C ends it after the current call, and it prints how to
resume. An event with event_id and occurred_at may be sent again at any time and has one effect; one without is a new event
each time.

--backfill is for events of the past, which must have an event_id: each gets notify: false, so that it is recorded and updates the status
without a notification. It sends at a steady rate (--rate, by default 50 events a second), may be repeated, and at the end reads the
log to count how many events of the files were accepted, were on record before, or are not on record.`;

/** Events a second that any environment can process: ten concurrent invocations, of 50 ms each. */
const BACKFILL_RATE = 50;

interface SendOptions {
  readonly dryRun?: boolean;
  readonly backfill?: boolean;
  readonly rate?: number;
  readonly resume?: number;
  /** False with --no-check. */
  readonly check: boolean;
}

export const register: Register = (program) => {
  program
    .command('send')
    .description('put events on the bus, checked first')
    .argument('<file...>', 'files of events; - is the standard input')
    .option('--dry-run', 'check them and send nothing')
    .option('--backfill', 'send events of the past, about which no notification is sent')
    .option('--rate <n>', 'at most this many events a second', positiveInteger)
    .option('--resume <line>', 'go on with a backfill of one file from this line on', positiveInteger)
    .option('--no-check', 'send also what the functions will refuse, or what no contract takes')
    .addHelpText(
      'after',
      help(
        ABOUT,
        'send events/status-updater/in-transit.json',
        'send --dry-run tuesday.ndjson',
        'send - < tuesday.ndjson',
        'send --backfill --rate 100 history.ndjson',
      ),
    )
    .action((files: readonly string[], options: SendOptions, command) => send(files, options, contextOf(command)));
};

interface Run extends Context {
  readonly checking: CheckOptions;
  readonly problems: Problems;
  /** Aborted to stop reading the inputs. */
  readonly closing: AbortController;
}

async function send(files: readonly string[], options: SendOptions, { target, print }: Context) {
  const { dryRun = false, check, backfill = false, resume = 1, rate = backfill ? BACKFILL_RATE : undefined } = options;
  if (options.resume !== undefined && (!backfill || files.length > 1))
    throw new UserError('--resume is for a --backfill of one file', 2);
  const closing = new AbortController();
  const inputs: Input[] = [];
  for (const file of files) inputs.push(await inputOf(file, closing.signal));
  if (backfill && (!check || inputs.some(({ isFile }) => !isFile)))
    throw new UserError('--backfill checks files, and reads them again: give files, without --no-check', 2);
  const checking = { busName: target.name(NAMES.bus), byContract: check, quietly: backfill, now: target.now };
  const run = { checking, problems: new Problems(print), closing, target, print };
  // The first call, since its response has AWS's time, with which the events' times are compared.
  const bus = dryRun ? undefined : await target.events.send(new DescribeEventBusCommand({ Name: checking.busName }));
  try {
    const toCheck = inputs.filter(({ isFile }) => isFile || dryRun);
    const valid = await checkAll(toCheck, run);
    if (!bus) return print.result({ right: valid, wrong: run.problems.count });
    if (run.problems.count > 0) return print.note('nothing was sent');
    const began = target.now();
    const isAllSent = await sendAll(inputs, bus.Arn ?? '', run, { rate, resume });
    if (backfill && isAllSent) await reconcileAll(inputs, began, run);
  } finally {
    run.problems.sumUp();
    if (run.problems.count > 0) setAttentionExitCode();
    // After a failed call, an open pipe must not keep the command waiting.
    closing.abort();
  }
}

/** @returns the number of valid events */
async function checkAll(inputs: readonly Input[], { checking, problems, print }: Run): Promise<number> {
  const progress = new Progress(print);
  let valid = 0;
  for (const input of inputs) {
    for await (const { at } of eventsOf(input, checking, problems)) {
      valid += 1;
      progress.report(() => `${valid} checked, at ${shellWord(at)}`);
    }
  }
  return valid;
}

async function reconcileAll(inputs: readonly Input[], began: number, { checking, target, print }: Run) {
  const total: Reconciliation = { accepted: 0, on_record_before: 0, conflicts: 0, not_on_record: 0 };
  const reportedBefore = new Problems({ ...print, note: () => undefined });
  for (const input of inputs) await reconcile(eventsOf(input, checking, reportedBefore), began, target, total);
  print.result(total);
  if (total.not_on_record + total.conflicts === 0) return;
  print.note(`what is not on record was rejected, or is still under way: ${target.command`errors --since 1d`}`);
  setAttentionExitCode();
}

/** @returns true when all events were sent */
async function sendAll(
  inputs: readonly Input[],
  busArn: string,
  { checking, problems, closing, target, print }: Run,
  { rate, resume: from }: { readonly rate: number | undefined; readonly resume: number },
): Promise<boolean> {
  const [, , , region, account] = busArn.split(':');
  print.target(`account ${account}, region ${region}, bus ${checking.busName}`);

  const ending = finishFirst(print);
  ending.addEventListener('abort', () => closing.abort());
  const tally: Tally = { sent: 0, refused: 0, withoutIdentity: 0 };
  const ports = { events: target.events, print, tally, ending, ...(rate && { rate }) };
  const again = rerunCommand(target.command, 'send', { '--no-check': !checking.byContract, '--rate': rate, '': '-' });
  let isAllSent = true;
  for (const input of inputs) {
    const resume = (line: number) => {
      // Options follow the name, so it cannot be protected by `--`.
      const name = input.name.startsWith('-') ? `./${input.name}` : input.name;
      if (checking.quietly)
        return target.command`send --backfill --rate ${rate ?? BACKFILL_RATE} --resume ${line} ${name}`;
      return input.isFile ? shell`tail -n +${line} -- ${input.name} | ` + again : `from its line ${line} on`;
    };
    if (ending.aborted) print.note(`nothing of ${shellWord(input.name)} was sent`);
    const isSent =
      !ending.aborted && (await sendEvents(fromLine(from, eventsOf(input, checking, problems)), { ...ports, resume }));
    // An open pipe might have had more events.
    isAllSent &&= isSent && (input.isFile || !ending.aborted);
  }
  print.note(`${tally.sent} sent, ${tally.refused} refused by the bus, ${problems.count} left out`);
  if (tally.withoutIdentity > 0) {
    print.note(`${tally.withoutIdentity} have no event_id of their own: sent again, they would be new events`);
  }
  if (tally.refused > 0 || !isAllSent) setAttentionExitCode();
  return isAllSent;
}

async function* fromLine(line: number, events: AsyncIterable<LocatedEvent>): AsyncGenerator<LocatedEvent> {
  for await (const event of events) if (event.line >= line) yield event;
}
