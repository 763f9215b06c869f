import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { Argument, Option } from 'commander';
import { contract } from '../../contracts/events/status-updater/shipment-status-corrected';
import { NAMES } from '../../contracts/names';
import { shellWord } from '../../contracts/shell';
import { STATUSES, type Status } from '../../contracts/statuses';
import { UserError } from '../../lib/user-error.mjs';
import { Rejected } from '../../src/domain/failures';
import { paddedTime } from '../../src/domain/version';
import { correctionAsOf, effectOf, type PlannedCorrection, voidingOf } from '../correction';
import { notBlank, shipmentId } from '../option-values';
import { type Context, contextOf, help, type Register } from '../program';
import { stateIn } from '../rebuild/difference';
import { checkedEvent } from '../send/checked-event';
import { putEvents } from '../send/put-events';
import { allLoggedEventsOf, loggedEvent, statusItemOf } from '../shipment-records';

const ABOUT = `Sends a Shipment Status Corrected, after it has shown the status before and after. --status is true as of now: no event until now counts any
longer, later ones do. --void takes back one event alone, as of its own time: what happened after it stands. The status is then what the log
gives without it, or that of --status. The log keeps everything, and a notification is sent (not with --quiet).`;

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
    .description('put a wrong status right')
    .addArgument(new Argument('<shipment>', 'its shipment_id').argParser(shipmentId))
    .addOption(new Option('--status <status>', 'what is true').choices(STATUSES))
    .option('--void <event_id>', 'the mistaken event, as `track` shows it')
    .requiredOption('--reason <text>', 'why: it is kept, and stands in the notification', notBlank)
    .option('--by <name>', 'who corrects it')
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
    .action(async (shipment: string, options: CorrectOptions, command) => {
      await correct(shipment, options, contextOf(command));
    });
};

/** How long its function may take. */
const PATIENCE_MS = 60_000;
const POLL_MS = 250;

async function correct(shipment: string, options: CorrectOptions, { target, print }: Context): Promise<void> {
  const bus = await target.events.send(new DescribeEventBusCommand({ Name: target.name(NAMES.bus) }));
  const [item, events] = await Promise.all([statusItemOf(shipment, target), allLoggedEventsOf(shipment, target)]);
  if (events.length === 0)
    throw new UserError(`no event of shipment ${shellWord(shipment)} was ever accepted in ${target.environment}`);

  const planned = plan();
  const event_id = `correction-${randomUUID()}`;
  const entry = entryOf(shipment, planned, event_id);
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

  print.target(`bus ${bus.Arn}`);
  const [answer] = await putEvents(target.events, [entry]);
  if (!answer || 'refused' in answer) throw new UserError(`the bus refused the correction: ${answer?.refused}`);
  await recorded({ event_id, timestamp: planned.timestamp });
  print.note('the correction is on record');

  function plan(): PlannedCorrection {
    if (options.void !== undefined) return voidingOf(options.void, options.status, events);
    if (options.status === undefined) throw new UserError('give --status, or --void with the mistaken event', 2);
    const suggest = (mistaken: string) =>
      target.command`correct ${shipment} --void ${mistaken} --reason ${options.reason}`;
    return correctionAsOf(target.now(), options.status, events, suggest);
  }

  /** @throws UserError naming the field that the function would reject */
  function entryOf(shipment_id: string, { status, timestamp, corrects }: PlannedCorrection, id: string) {
    const detail = {
      shipment_id,
      status,
      reason: options.reason,
      ...(options.by !== undefined && { corrected_by: options.by }),
      ...(corrects !== undefined && { corrects }),
      ...(options.quiet && { notify: false }),
      event_id: id,
      // With milliseconds: an envelope's time has seconds, and would lie before an event of the same second.
      occurred_at: new Date(timestamp).toISOString(),
    };
    const event = { source: contract.source, 'detail-type': contract.detailType, detail };
    try {
      return checkedEvent(event, { busName: target.name(NAMES.bus), byContract: true, now: target.now }).entry;
    } catch (error) {
      if (error instanceof Rejected) throw new UserError(error.message);
      throw error;
    }
  }

  /** Waits until the correction is in the log and in the shipment's row. */
  async function recorded(identity: { readonly event_id: string; readonly timestamp: number }): Promise<void> {
    const version = ['2', paddedTime(identity.timestamp)].join('#');
    const start = performance.now();
    const isRecorded = async () =>
      (await loggedEvent(identity, target)) !== undefined &&
      ((await statusItemOf(shipment, target))?.['version']?.S ?? '') >= version;
    while (!(await isRecorded())) {
      if (performance.now() - start > PATIENCE_MS) {
        throw new UserError(
          `the bus took ${event_id}, and it is not on record after ${PATIENCE_MS / 1_000} s: look at \`${target.command`errors --since 1h`}\` and \`${target.command`queues`}\``,
        );
      }
      await sleep(POLL_MS);
    }
  }
}
