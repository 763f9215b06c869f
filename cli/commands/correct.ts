import { randomUUID } from 'node:crypto';
import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { Argument, Option } from 'commander';
import { contract } from '../../contracts/events/status-updater/shipment-status-corrected';
import { NAMES } from '../../contracts/names';
import { shellWord } from '../../contracts/shell';
import { STATUSES, type Status } from '../../contracts/statuses';
import { until } from '../../lib/until.mjs';
import { UserError } from '../../lib/user-error.mjs';
import { allLoggedEventsOf, type LoggedIdentity, loggedEvent, statusItemOf } from '../../publisher/shipment-records';
import type { LoggedEvent } from '../../publisher/shipment-rows';
import { paddedTime } from '../../src/domain/version';
import { correctionAsOf, effectOf, type PlannedCorrection, voidingOf } from '../correct/correction';
import { type FinishingContext, finishingContextOf, help, type Register } from '../program';
import { stateIn } from '../rebuild/difference';
import { checkOperatorEvent } from '../send/checked-event';
import { putEvents } from '../send/put-events';
import type { Target } from '../target/target';
import { notBlank, shipmentId, utf8 } from '../terminal/option-values';
import { rerunCommand } from '../terminal/rerun-command';

const ABOUT = `Shows the status before and after, then sends a Shipment Status Corrected. --status corrects as of now: earlier events no longer count, later ones
do. --void voids one event as of its own time: later events still count. The status is then what the log gives without the event, or that of
--status. The log keeps everything, and a notification is sent (not with --quiet).`;

interface CorrectOptions {
  readonly status?: Status;
  readonly void?: string;
  readonly reason: string;
  readonly by?: string;
  readonly quiet?: boolean;
  readonly dryRun?: boolean;
}

export const register: Register = (program) => {
  program
    .command('correct')
    .description('correct a wrong status')
    .addArgument(new Argument('<shipment>', 'its shipment_id').argParser(shipmentId))
    .addOption(new Option('--status <status>', 'the true status').choices(STATUSES))
    .option('--void <event_id>', 'the mistaken event, as `track` shows it')
    .requiredOption('--reason <text>', 'why, for the log and the notification', notBlank)
    .option('--by <name>', 'who corrects it', utf8)
    .option('--quiet', 'send no notification')
    .option('--dry-run', 'show the status before and after, and send nothing')
    .addHelpText(
      'after',
      help(
        ABOUT,
        'correct SHP-1001 --void nordfreight-000918273 --reason "the scan belongs to SHP-1010" --dry-run',
        'correct SHP-1006 --status pending --reason "the id is used again" --by "support desk 2"',
      ),
    )
    .action((shipment: string, options: CorrectOptions, command) =>
      correct(shipment, options, finishingContextOf(command)),
    );
};

const TIMEOUT_MS = 60_000;
const POLL_MS = 250;

async function correct(shipment: string, options: CorrectOptions, context: FinishingContext): Promise<void> {
  const { target, print, ending } = context;
  const planFor = plannerOf(shipment, options, target);
  const bus = await target.events.send(new DescribeEventBusCommand({ Name: target.name(NAMES.bus) }));
  const [item, events] = await Promise.all([statusItemOf(shipment, target), allLoggedEventsOf(shipment, target)]);
  if (events.length === 0)
    throw new UserError(`no event of shipment ${shellWord(shipment)} was ever accepted in ${target.environment}`);

  const planned = planFor(events);
  const event_id = `correction-${randomUUID()}`;
  const detail = { shipment_id: shipment, event_id, ...detailOf(planned, options) };
  const event = { source: contract.source, 'detail-type': contract.detailType, detail };
  const { entry } = checkOperatorEvent(event, target);
  const { before, after, voids } = effectOf(planned, event_id, events, (item && stateIn(item)) ?? {});
  print.result({
    shipment_id: shipment,
    status_before: before,
    status_after: after,
    as_of: new Date(planned.timestamp).toISOString(),
    no_longer_counting: voids.length,
  });
  print.rows(
    voids.map((event) => ({
      time: new Date(event.timestamp).toISOString(),
      status: event.status,
      event_id: event.event_id,
      marks: 'will no longer count',
    })),
  );
  if (options.dryRun) return;
  if (ending.aborted) throw new UserError('nothing was sent');

  print.target(`bus ${bus.Arn}`);
  const [answer] = await putEvents(target.events, [entry]);
  if (!answer || 'refused' in answer) throw new UserError(`the bus refused the correction: ${answer?.refused}`);
  await untilRecorded(shipment, { event_id, timestamp: planned.timestamp }, target);
  print.note('the correction is on record');
}

/** Returns the planner that the options select. @throws UserError without --status and --void */
function plannerOf(shipment: string, options: CorrectOptions, { command, now }: Target) {
  const { status, void: mistaken, reason, by, quiet, dryRun } = options;
  if (mistaken !== undefined) return (events: readonly LoggedEvent[]) => voidingOf(mistaken, status, events);
  if (status === undefined) throw new UserError('give --status, or --void with the mistaken event', 2);
  const otherOptions = { '--reason': reason, '--by': by, '--quiet': quiet, '--dry-run': dryRun };
  const suggest = (id: string) => rerunCommand(command, 'correct', { '': shipment, '--void': id, ...otherOptions });
  return (events: readonly LoggedEvent[]) => correctionAsOf(now(), status, events, suggest);
}

const detailOf = ({ status, timestamp, corrects }: PlannedCorrection, { reason, by, quiet }: CorrectOptions) => ({
  status,
  reason,
  ...(by !== undefined && { corrected_by: by }),
  ...(corrects !== undefined && { corrects }),
  ...(quiet && { notify: false }),
  // The envelope's time has no milliseconds, so it could be before an event of the same second.
  occurred_at: new Date(timestamp).toISOString(),
});

/** Waits until the correction is in the log and in the shipment's row. @throws UserError after the timeout */
async function untilRecorded(shipment: string, identity: LoggedIdentity, target: Target): Promise<void> {
  const version = ['2', paddedTime(identity.timestamp)].join('#');
  const isRecorded = async () =>
    (await loggedEvent(identity, target)) !== undefined &&
    ((await statusItemOf(shipment, target))?.['version']?.S ?? '') >= version;
  const otherwise = () => {
    throw new UserError(
      `the bus accepted ${identity.event_id}, but it is not on record after ${TIMEOUT_MS / 1_000} s: look at \`${target.command`errors --since 1h`}\` and \`${target.command`queues`}\``,
    );
  };
  await until(isRecorded, TIMEOUT_MS, { everyMs: POLL_MS, otherwise });
}
