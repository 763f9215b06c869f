import { type AttributeValue, paginateQuery } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Option } from 'commander';
import { OPEN_STATUSES, STATUSES, type Status } from '../../contracts/statuses';
import { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import { duration } from '../option-values';
import type { Print } from '../output';
import { contextOf, help, type Register } from '../program';
import { spanInWords } from '../spans';
import type { Target } from '../target';

const ABOUT = `The oldest first, status by status. "since" is the time of the event that brought the shipment there. The index that is
read follows the table by moments.`;

interface ListOptions {
  readonly status?: Status;
  /** Milliseconds. */
  readonly olderThan?: number;
}

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
      const { target, print } = contextOf(command);
      await list(options, target, print);
    });
};

async function list(
  { status, olderThan = Number.NEGATIVE_INFINITY }: ListOptions,
  target: Target,
  print: Print,
): Promise<void> {
  let found = 0;
  for (const each of status ? [status] : OPEN_STATUSES) {
    for await (const page of standingIn(each, target)) {
      // Only now is the time known, by the clock of AWS.
      const now = target.now();
      const old = page.filter((row) => now - timestampOf(row) > olderThan);
      found += old.length;
      print.rows(old.map((row) => standing(row, now)));
      if (old.length < page.length) break;
    }
  }
  if (found === 0) print.note('no such shipment');
}

/** The status rows of one status, the oldest first. */
async function* standingIn(status: Status, target: Target) {
  const pages = paginateQuery(
    { client: target.db },
    {
      TableName: target.name(TABLES.shipments.name),
      IndexName: 'status-index' satisfies keyof typeof TABLES.shipments.indexes,
      KeyConditionExpression: '#status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toAttributes({ ':status': status }),
    },
  );
  for await (const { Items = [] } of pages) yield Items;
}

type Row = Record<string, AttributeValue>;

const timestampOf = (row: Row) => Number(row['timestamp']?.N);

function standing(row: Row, now: number) {
  const { shipment_id, status, event_id } = unmarshall(row);
  const since = new Date(timestampOf(row)).toISOString();
  return { shipment_id, status, since, age: spanInWords(now - timestampOf(row)), event_id };
}
