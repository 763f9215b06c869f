import { paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Option } from 'commander';
import { shellWord } from '../../contracts/shell';
import { ALERT_MINUTES, ERROR_ROW_DAYS, TABLES } from '../../contracts/tables';
import { UserError } from '../../lib/user-error.mjs';
import { toAttributes } from '../../src/adapters/attributes';
import type { ErrorType } from '../../src/domain/failure-row';
import { ERROR_TYPES, lastSeen } from '../failures/error-row';
import { failureGroupsOf } from '../failures/failure-groups';
import { isTooDeep, parsedOrText } from '../json-limits';
import { type Context, contextOf, help, type Register } from '../program';
import type { Target } from '../target/target';
import { type Moment, momentOrSpanAgo } from '../terminal/option-values';

/** Limit of the rows to print, which are sorted in memory. */
const MAX_PRINTED = 10_000;

const ABOUT = `The newest come last. Failed events, error events of other systems (their error_id begins with external/) and discarded
events are kept for ${ERROR_ROW_DAYS} days after they were last seen. There is no index by time: the list reads the whole table, which
consumes half a read unit for every 4 KB of it, and shows the newest ${MAX_PRINTED}. \`errors ${ALERT_MINUTES}\` shows the minutes in which
critical error events came: how many were messages of their own on the alert topic, and how many were counted in a summary.`;

interface ErrorsOptions {
  readonly group?: true;
  readonly since?: Moment;
  readonly type?: ErrorType;
}

export const register: Register = (program) => {
  program
    .command('errors')
    .description('what failed and why; with an error_id, one of them in full')
    .argument('[error_id]', 'as the list shows it')
    .option('--since <when>', 'last seen since then: 24h, 3d, or RFC 3339', momentOrSpanAgo)
    .addOption(new Option('--type <type>', 'only this kind').choices(ERROR_TYPES))
    .option('--group', 'count them by cause: function, type and message without ids and numbers')
    .addHelpText(
      'after',
      help(
        ABOUT,
        'errors --since 24h',
        'errors --since 24h --group',
        'errors --type rejected',
        'errors logistics-status-updater-dev/6f1e…',
      ),
    )
    .action(async (errorId: string | undefined, options: ErrorsOptions, command) => {
      const context = contextOf(command);
      if (errorId !== undefined) await showError(errorId, context);
      else if (options.group) await listGroups(options, context);
      else await listErrors(options, context);
    });
};

/** Columns of the list, without the event, which may have 64 KB. */
const COLUMNS = ['last_seen_at', 'error_type', 'attempts', 'shipment_id', 'discarded_at', 'error_id', 'error_message'];

async function* rowsOf({ since, type }: ErrorsOptions, target: Target): AsyncGenerator<Row[]> {
  const pages = paginateScan(
    { client: target.db },
    {
      TableName: target.name(TABLES.errorEvents.name),
      ProjectionExpression: [...COLUMNS, 'function_name', 'event_id', 'first_seen_at', 'redriven_at'].join(', '),
      FilterExpression: `error_id <> :alerts${type ? ' AND error_type = :type' : ''}`,
      ExpressionAttributeValues: toAttributes({ ':alerts': ALERT_MINUTES, ':type': type }),
    },
  );
  for await (const { Items = [] } of pages) {
    // Computed after the first response, which has AWS's time.
    const earliest = since === undefined ? '' : new Date(since(target.now())).toISOString();
    yield Items.map((item) => unmarshall(item)).filter((row) => lastSeen(row) >= earliest);
  }
}

async function listErrors(options: ErrorsOptions, { target, print }: Context): Promise<void> {
  let found = 0;
  let rows: Row[] = [];
  for await (const page of rowsOf(options, target)) {
    found += page.length;
    rows.push(...page);
    if (rows.length > 2 * MAX_PRINTED) rows = newestOf(rows);
  }
  rows = newestOf(rows);
  print.rows(rows, COLUMNS);
  if (found > rows.length) print.note(`the newest ${rows.length} of ${found}: --since and --type show fewer`);
  print.note(found === 0 ? 'no such error' : `one in full: ${target.command`errors {error_id}`}`);
}

async function listGroups(options: ErrorsOptions, { target, print }: Context): Promise<void> {
  const { groups, uncounted } = await failureGroupsOf(rowsOf(options, target));
  print.rows(groups);
  if (uncounted > 0) print.note(`${uncounted} more, of causes beyond ${groups.length}: --since and --type show fewer`);
  if (groups.length === 0) return print.note('no such error');
  print.note(`the events of one that wait: ${target.command`redrive --group {group} --dry-run`}`);
}

type Row = Record<string, unknown>;

const newestOf = (rows: Row[]) => rows.sort((a, b) => (lastSeen(a) < lastSeen(b) ? -1 : 1)).slice(-MAX_PRINTED);

/** @throws UserError when the row does not exist */
async function showError(errorId: string, { target, print }: Context): Promise<void> {
  const pages = paginateQuery(
    { client: target.db },
    {
      TableName: target.name(TABLES.errorEvents.name),
      KeyConditionExpression: 'error_id = :id',
      ExpressionAttributeValues: toAttributes({ ':id': errorId }),
      ConsistentRead: true,
    },
  );
  let found = 0;
  for await (const { Items = [] } of pages) {
    found += Items.length;
    for (const item of Items) print.result(readable(unmarshall(item)));
  }
  if (found === 0)
    throw new UserError(
      `no error ${shellWord(errorId)}: \`${target.command`errors`}\` lists them; rows go after ${ERROR_ROW_DAYS} days`,
    );
}

/** Row to print, with its event as JSON unless the event was truncated or is nested too deeply. */
function readable({ event, timestamp, ttl, ...row }: Record<string, unknown>) {
  const kept = typeof event === 'string' ? parsedOrText(event) : null;
  return {
    ...row,
    ...(typeof timestamp === 'number' && timestamp > 0 && { time: new Date(timestamp).toISOString() }),
    ...(typeof ttl === 'number' && { kept_until: new Date(ttl * 1_000).toISOString() }),
    event: isTooDeep(kept) ? event : kept,
  };
}
