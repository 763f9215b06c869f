import { Option } from 'commander';
import { OPEN_STATUSES, STATUSES } from '../../contracts/statuses';
import { createReader, type ListOptions, type StandingShipment } from '../../publisher/reader';
import { type Context, contextOf, help, type Register } from '../program';
import { duration } from '../terminal/option-values';
import { spanInWords } from '../terminal/spans';

const ABOUT = `The oldest first, status by status. "since" is the time of the event that brought the shipment there. The index that is
read follows the table by moments.`;

export const register: Register = (program) => {
  program
    .command('list')
    .description('the shipments that stand in a status, or in any that is not closed')
    .addOption(new Option('--status <status>', `default: ${OPEN_STATUSES.join(', ')}`).choices(STATUSES))
    .option('--older-than <span>', 'only those there for longer than this: 30m, 12h, 3d, 2w', duration)
    .addHelpText(
      'after',
      help(ABOUT, 'list --older-than 3d', 'list --status failed', 'list --status in_transit --older-than 12h --json'),
    )
    .action(async (options: ListOptions, command) => {
      await list(options, contextOf(command));
    });
};

/** Printed at once, so that a table of any length is shown as it comes, its columns aligned. */
const ROWS_AT_ONCE = 1_000;

async function list(options: ListOptions, { target, print }: Context): Promise<void> {
  const { environment, db: client, now } = target;
  let found = 0;
  let rows: ReturnType<typeof standing>[] = [];
  // By the clock of AWS, which is known from its first answer on.
  for await (const shipment of createReader({ environment, client, now }).list(options)) {
    found += 1;
    rows.push(standing(shipment, now()));
    if (rows.length < ROWS_AT_ONCE) continue;
    print.rows(rows);
    rows = [];
  }
  print.rows(rows);
  if (found === 0) print.note('no such shipment');
}

/**
 * The columns: what the table of current statuses holds. `metadata` is not in it: it is an event's, in the log alone, where the reader leaves
 * it out, as it may be personal data (docs/decisions/0032).
 */
function standing({ shipment_id, status, timestamp, event_id }: StandingShipment, now: number) {
  const since = new Date(timestamp).toISOString();
  return { shipment_id, status, since, age: spanInWords(now - timestamp), event_id };
}
