import { Option } from 'commander';
import { OPEN_STATUSES, STATUSES } from '../../contracts/statuses';
import { createReader, type ListOptions, type StandingShipment } from '../../publisher/reader';
import { type Context, contextOf, help, type Register } from '../program';
import { duration } from '../terminal/option-values';
import { spanInWords } from '../terminal/spans';

const ABOUT = `The oldest first, status by status. "since" is the time of the event that set the status. The index that is read is
eventually consistent.`;

export const register: Register = (program) => {
  program
    .command('list')
    .description('the shipments that have a status, or any that is not closed')
    .addOption(new Option('--status <status>', `default: ${OPEN_STATUSES.join(', ')}`).choices(STATUSES))
    .option('--older-than <span>', 'only those in it for longer than this: 30m, 12h, 3d, 2w', duration)
    .addHelpText(
      'after',
      help(ABOUT, 'list --older-than 3d', 'list --status failed', 'list --status in_transit --older-than 12h --json'),
    )
    .action((options: ListOptions, command) => list(options, contextOf(command)));
};

const ROWS_A_PAGE = 1_000;

async function list(options: ListOptions, { target, print }: Context): Promise<void> {
  const { environment, db: client, now } = target;
  let found = 0;
  let rows: ReturnType<typeof rowOf>[] = [];
  for await (const shipment of createReader({ environment, client, now }).list(options)) {
    found += 1;
    rows.push(rowOf(shipment, now()));
    if (rows.length < ROWS_A_PAGE) continue;
    print.rows(rows);
    rows = [];
  }
  print.rows(rows);
  if (found === 0) print.note('no such shipment');
}

function rowOf({ shipment_id, status, timestamp, event_id }: StandingShipment, now: number) {
  const since = new Date(timestamp).toISOString();
  return { shipment_id, status, since, age: spanInWords(now - timestamp), event_id };
}
