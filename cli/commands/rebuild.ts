import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { shellWord } from '../../contracts/shell';
import { TABLES } from '../../contracts/tables';
import { UserError } from '../../lib/user-error.mjs';
import { statusItemOf } from '../../publisher/shipment-records';
import { currentOf } from '../../src/domain/shipment-state';
import { findStack } from '../doctor/stack';
import { type FinishingContext, finishingContextOf, help, type Register, setAttentionExitCode } from '../program';
import { type Difference, eventsOf, goneBefore, hasEvent } from '../rebuild/difference';
import { examine } from '../rebuild/examine';
import { bringForward, overwrite } from '../rebuild/repair';
import { type ComparePorts, PARTS, sweep } from '../rebuild/sweep';
import type { Target } from '../target/target';
import { positiveInteger, shipmentId } from '../terminal/option-values';
import { Progress } from '../terminal/progress';
import { rerunCommand } from '../terminal/rerun-command';

const ABOUT = `Reads the whole log and the whole table of statuses, and shows each row that differs from what the log gives:
  missing   the log has events, but there is no row
  behind    the row lacks events of the log
  ahead     the row has an event that the log does not have
  damaged   no function writes such a row
Missing rows and those behind are brought forward with the functions' own conditional write, so this can run beside them, be repeated and be
interrupted. Rows ahead or damaged are left, unless --overwrite puts the log's status there; a row without any event in the log is always left.
"event_id" is an event that only one side has. With EventRetentionDays, an event that is old enough to have expired is no difference. Ends with
1 when a difference is left.`;

interface RebuildOptions {
  readonly dryRun?: boolean;
  readonly overwrite?: boolean;
  readonly shipment?: string;
  readonly fromPart: number;
}

export const register: Register = (program) => {
  program
    .command('rebuild')
    .description('compare the statuses with the log, and bring forward those that are behind')
    .option('--dry-run', 'show the differences and change nothing')
    .option('--overwrite', 'put the log’s status in place of rows that are ahead of it, or damaged, as well')
    .option('--shipment <id>', 'only this one', shipmentId)
    .addOption(
      new Option('--from-part <number>', `resume at this part of ${PARTS}, as an interrupted run has printed`)
        .argParser(partNumber)
        .default(1)
        .conflicts('shipment'),
    )
    .addHelpText('after', help(ABOUT, 'rebuild --dry-run', 'rebuild --shipment SHP-1007', 'rebuild'))
    .action(async (options: RebuildOptions, command: Command) => {
      const context = finishingContextOf(command);
      const { Table } = await context.target.db.send(
        new DescribeTableCommand({ TableName: context.target.name(TABLES.shipments.name) }),
      );
      context.print.target(`table ${Table?.TableArn}`);
      const days = (await findStack(context.target))?.parameters.get('EventRetentionDays');
      await rebuild(options, { ...context, goneBefore: goneBefore(days, context.target.now()) });
    });
};

function partNumber(text: string): number {
  const part = positiveInteger(text);
  if (part > PARTS) throw new InvalidArgumentError(`there are ${PARTS} parts.`);
  return part;
}

const COLUMNS = ['shipment_id', 'difference', 'status', 'log_status', 'event_id', 'outcome'] as const;

/** @throws UserError when the given shipment has neither a row nor an event */
export async function rebuild(
  options: RebuildOptions,
  { target, print, ending, goneBefore }: FinishingContext & Pick<ComparePorts, 'goneBefore'>,
): Promise<void> {
  const ports = { target, goneBefore };
  const { shipment, fromPart } = options;
  const count = { log: 0, status: 0, differences: 0, left: 0 };

  async function settle(difference: Difference): Promise<void> {
    const outcome = await outcomeOf(difference, options, target);
    count.differences += 1;
    if (outcome === 'left') count.left += 1;
    print.rows([rowOf(difference, outcome)], COLUMNS);
  }

  if (shipment !== undefined) {
    const difference = await examine(shipment, {}, ports);
    if (difference) await settle(difference);
    else if (!(await statusItemOf(shipment, target)))
      throw new UserError(`no event of shipment ${shellWord(shipment)} was ever accepted in ${target.environment}`);
  } else {
    const progress = new Progress(print);
    const compared = () =>
      `${count.log} log rows and ${count.status} statuses compared, ${count.differences} differences`;
    const { next, error } = await sweep(fromPart, {
      ...ports,
      ending,
      read(table, rows) {
        count[table] += rows;
        progress.report(compared);
      },
      async mayLack(id, seen) {
        const difference = await examine(id, seen, ports);
        if (!difference || isFoundByRows(difference)) return;
        // Several pages may have events of the shipment: the one with the first event that the row lacks reports it.
        const [first] = difference.events;
        if (first && hasEvent(seen, first)) await settle(difference);
      },
      async mayExceed(id) {
        const difference = await examine(id, {}, ports);
        if (difference && isFoundByRows(difference)) await settle(difference);
      },
    });
    print.note(compared());
    if (next !== undefined) {
      const again = { '--dry-run': options.dryRun, '--overwrite': options.overwrite, '--from-part': next };
      print.note(`ended before part ${next} of ${PARTS}; the rest: ${rerunCommand(target.command, 'rebuild', again)}`);
      setAttentionExitCode();
    }
    if (error !== undefined) throw error;
  }
  if (count.left > 0) setAttentionExitCode();
}

/** True for a difference that the pass over the rows reports, not the pass over the log. */
const isFoundByRows = ({ kind }: Difference) => kind === 'ahead' || kind === 'damaged';

type Outcome = 'left' | 'brought forward' | 'overwritten';

/** Repairs the difference, as far as the options allow. */
async function outcomeOf(
  difference: Difference,
  { dryRun = false, overwrite: mayOverwrite = false }: RebuildOptions,
  target: Target,
): Promise<Outcome> {
  if (dryRun) return 'left';
  if (!isFoundByRows(difference)) {
    await bringForward(difference, target);
    return 'brought forward';
  }
  const isInLog = eventsOf(difference.log).length > 0;
  return mayOverwrite && isInLog && (await overwrite(difference, target)) ? 'overwritten' : 'left';
}

function rowOf({ shipment_id, kind, item, log, events }: Difference, outcome: Outcome) {
  const version = item?.['version']?.S;
  return {
    shipment_id,
    difference: kind,
    status: item?.['status']?.S ?? null,
    log_status: eventsOf(log).length > 0 ? currentOf(log).status : null,
    event_id: events[0]?.event_id ?? item?.['event_id']?.S ?? null,
    outcome,
    ...(version && { version }),
  };
}
