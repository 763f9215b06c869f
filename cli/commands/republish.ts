import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTableCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { Argument } from 'commander';
import { functionName, LIVE_ALIAS } from '../../contracts/functions';
import { STATUSES } from '../../contracts/statuses';
import { TABLES } from '../../contracts/tables';
import { UserError } from '../../lib/user-error.mjs';
import { statusItemOf } from '../../publisher/shipment-records';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import { type FinishingContext, finishingContextOf, help, type Register, setAttentionExitCode } from '../program';
import type { Row } from '../target/rows';
import type { Target } from '../target/target';
import { type Moment, momentOrSpanAgo, shipmentId } from '../terminal/option-values';

const ABOUT = `For systems that missed changes: publishes the current status once more, with its version, and without the previous status. The function that
publishes changes does this, since the bus accepts statuses only from it. --since compares the time of the event that a status comes from,
which may be earlier than its arrival: begin some hours before the gap.`;

interface RepublishOptions {
  readonly since?: Moment;
  readonly dryRun?: boolean;
}

export const register: Register = (program) => {
  program
    .command('republish')
    .description('put the current status of shipments on the bus again, for other systems')
    .addArgument(
      new Argument('[shipments...]', 'their ids').argParser((id, ids: readonly string[] = []) => [
        ...ids,
        shipmentId(id),
      ]),
    )
    .option(
      '--since <time>',
      'those whose status comes from an event since then: 24h, 3d, 2026-03-01T00:00:00Z',
      momentOrSpanAgo,
    )
    .option('--dry-run', 'show what would be published, and publish nothing')
    .addHelpText('after', help(ABOUT, 'republish --since 24h --dry-run', 'republish SHP-1001 SHP-1002'))
    .action(async (ids: readonly string[] | undefined, options: RepublishOptions, command) => {
      if ((ids === undefined || ids.length === 0) === (options.since === undefined))
        throw new UserError('give either the ids of shipments or --since', 2);
      await republish(ids ?? [], options, finishingContextOf(command));
    });
};

/** Records of one invocation. */
const BATCH_SIZE = 100;

async function republish(
  ids: readonly string[],
  { since, dryRun = false }: RepublishOptions,
  { target, print, ending }: FinishingContext,
): Promise<void> {
  const FunctionName = target.name(functionName('status-publisher'));
  // The first call, since its response has AWS's time, from which --since counts.
  const { Table } = await target.db.send(new DescribeTableCommand({ TableName: target.name(TABLES.shipments.name) }));
  print.target(`table ${Table?.TableArn}, function ${FunctionName}`);
  let published = 0;
  for await (const rows of since ? rowsSince(since, target) : rowsOf(ids, target)) {
    if (ending.aborted) break;
    if (!dryRun) await publish(rows.filter(isFound), FunctionName, target);
    published += rows.filter(isFound).length;
    print.rows(
      rows.map((row) => ({
        ...summaryOf(row),
        outcome: !isFound(row) ? 'not found' : dryRun ? 'would be published' : 'published',
      })),
    );
    if (!rows.every(isFound)) setAttentionExitCode();
  }
  print.note(`${published} ${dryRun ? 'would be published' : 'published'}`);
  if (!ending.aborted) return;
  print.note('ended early: run it again, what is published twice changes nothing');
  setAttentionExitCode();
}

const isFound = (row: Row) => 'version' in row;

const summaryOf = (row: Row) => ({
  shipment_id: stringOf(row, 'shipment_id') ?? '',
  status: stringOf(row, 'status') ?? '-',
  version: stringOf(row, 'version') ?? '-',
});

/** Rows of these shipments in batches; for a shipment without a row, its key. */
async function* rowsOf(ids: readonly string[], target: Target): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < ids.length; at += BATCH_SIZE) {
    const rows: Row[] = [];
    for (const shipment_id of ids.slice(at, at + BATCH_SIZE))
      rows.push((await statusItemOf(shipment_id, target)) ?? toAttributes({ shipment_id }));
    yield rows;
  }
}

/** Rows whose status comes from an event since then. Queries a range of each status in the index, and reads no other rows. */
async function* rowsSince(since: Moment, target: Target): AsyncGenerator<readonly Row[]> {
  for (const status of STATUSES) {
    const pages = paginateQuery(
      { client: target.db, pageSize: BATCH_SIZE },
      {
        TableName: target.name(TABLES.shipments.name),
        IndexName: 'status-index' satisfies keyof typeof TABLES.shipments.indexes,
        KeyConditionExpression: '#status = :status AND #timestamp >= :since',
        ExpressionAttributeNames: { '#status': 'status', '#timestamp': 'timestamp' },
        ExpressionAttributeValues: toAttributes({ ':status': status, ':since': since(target.now()) }),
      },
    );
    for await (const { Items = [] } of pages) if (Items.length > 0) yield Items;
  }
}

const PAUSES_MS = [500, 2_000, 8_000];

/**
 * Invokes the publisher with rows as if they were new in the table's stream.
 * @throws UserError when some rows are not published after several attempts
 */
async function publish(rows: readonly Row[], FunctionName: string, { lambda, now }: Target): Promise<void> {
  let remaining = rows;
  for (const pause of [...PAUSES_MS, undefined]) {
    if (remaining.length === 0) return;
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName,
        Qualifier: LIVE_ALIAS,
        Payload: Buffer.from(JSON.stringify({ Records: remaining.map((row, index) => recordOf(row, index, now())) })),
      }),
    );
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || '{}');
    const [failure] = FunctionError ? [{ itemIdentifier: '0' }] : (answer as DynamoDBBatchResponse).batchItemFailures;
    if (!failure) return;
    remaining = remaining.slice(Number(failure.itemIdentifier));
    if (pause === undefined)
      throw new UserError(
        `${FunctionName} could not publish ${remaining.length} statuses${FunctionError ? `: ${answer.errorMessage}` : ', its log says why'}`,
      );
    await sleep(pause);
  }
}

/** A row as a record of the table's stream, with its index as sequence number. */
const recordOf = (row: Row, index: number, now: number) => ({
  eventID: `republished-${stringOf(row, 'shipment_id')}`,
  eventName: 'INSERT',
  eventSource: 'aws:dynamodb',
  dynamodb: {
    ApproximateCreationDateTime: now / 1_000,
    Keys: { shipment_id: row['shipment_id'] },
    NewImage: row,
    SequenceNumber: String(index),
  },
});
