import {
  DescribeArchiveCommand,
  type DescribeArchiveResponse,
  DescribeReplayCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { EVENT_FUNCTION_KEYS, EVENT_FUNCTIONS } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { parseInstant } from '../../contracts/rfc3339';
import { until } from '../../lib/until.mjs';
import { UserError } from '../../lib/user-error.mjs';
import { type Context, contextOf, help, type Register, setAttentionExitCode } from '../program';

export const register: Register = (program) => {
  program
    .command('replay')
    .description('put the archived events of a span of time on the bus again')
    .requiredOption('--from <time>', 'RFC 3339, like 2026-03-01T00:00:00Z')
    .option('--to <time>', 'RFC 3339 (default: now)')
    .option('--wait', 'until the replay has ended')
    .addHelpText('after', help('', 'replay --from 2026-03-03T00:00:00Z --to 2026-03-04T00:00:00Z --wait'))
    .action(async (options: { from: string; to?: string; wait?: boolean }, command) => {
      const context = contextOf(command);
      const replayed = await replay(spanOf(options.from, options.to), options, context);
      context.print.result(replayed);
      if (options.wait && replayed.state !== 'COMPLETED') setAttentionExitCode();
    });
};

const POLL_MS = 1_000;

/** Events reach the archive some minutes after the bus. */
const ARCHIVE_LAG_MS = 10 * 60_000;

interface Span {
  readonly from: Date;
  /** By default now. */
  readonly to?: Date;
}

/** Validates the options. @throws UserError naming the option unless both are RFC 3339 date-times in order */
export function spanOf(from: string, to?: string): Span {
  const start = parseInstant(from);
  if (start === undefined)
    throw new UserError(`--from is ${JSON.stringify(from)}: give a time like 2026-03-01T00:00:00Z`, 2);
  if (to === undefined) return { from: new Date(start) };
  const end = parseInstant(to);
  if (end === undefined) throw new UserError(`--to is ${JSON.stringify(to)}: give a time like 2026-03-02T00:00:00Z`, 2);
  if (start >= end) throw new UserError(`--from ${from} is not before --to ${to}`, 2);
  return { from: new Date(start), to: new Date(end) };
}

/**
 * Replays the archived events of a span of time to this system's rules. Events that were accepted before are duplicates, and rejected ones fail again.
 * @returns the replay's name and its state in EventBridge
 */
async function replay({ from, to: end }: Span, { wait = false }: { wait?: boolean }, { target, print }: Context) {
  const archive = await target.events.send(new DescribeArchiveCommand({ ArchiveName: target.name(NAMES.archive) }));
  print.target(`archive ${archive.ArchiveArn}`);
  const now = target.now();
  const to = end ?? new Date(now);
  if (from >= to) throw new UserError(`--from ${from.toISOString()} is not before now, ${to.toISOString()}`, 2);
  if (to.getTime() > now - ARCHIVE_LAG_MS) {
    print.note('the archive lags by up to ten minutes: the latest events of this span may be missing from the replay');
  }
  const replayName = `${target.name('logistics-replay')}-${Date.now()}`;
  const { State = 'UNKNOWN' } = await target.events.send(
    new StartReplayCommand({
      ReplayName: replayName,
      EventSourceArn: archive.ArchiveArn,
      EventStartTime: from,
      EventEndTime: to,
      // Not to the rules of other systems, which have received these events.
      Destination: {
        Arn: archive.EventSourceArn,
        FilterArns: OWN_RULES.map((rule) => ruleArn(archive, target.name(rule))),
      },
    }),
  );
  print.note(
    `${replayName} has started; \`${target.aws`events describe-replay --replay-name ${replayName}`}\` tells how it goes`,
  );
  return { replay: replayName, state: wait ? await untilEnded(replayName, { target, print }) : State };
}

const OWN_RULES = [...EVENT_FUNCTION_KEYS.map((key) => EVENT_FUNCTIONS[key].rule), NAMES.unroutedRule];

const ruleArn = ({ EventSourceArn = '' }: DescribeArchiveResponse, rule: string) =>
  `${EventSourceArn.replace(':event-bus/', ':rule/')}/${rule}`;

function untilEnded(ReplayName: string, { target, print }: Context): Promise<string> {
  const stateWhenEnded = async () => {
    const { State = 'UNKNOWN', EventLastReplayedTime } = await target.events.send(
      new DescribeReplayCommand({ ReplayName }),
    );
    if (State !== 'STARTING' && State !== 'RUNNING' && State !== 'CANCELLING') return State;
    if (EventLastReplayedTime) print.note(`replayed up to ${EventLastReplayedTime.toISOString()}`);
    return undefined;
  };
  return until(stateWhenEnded, Number.POSITIVE_INFINITY, { everyMs: POLL_MS });
}
