import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type EventSourceMappingConfiguration, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import {
  functionName,
  LIVE_ALIAS,
  STREAM_FUNCTION_KEYS,
  STREAM_FUNCTIONS,
  type StreamFunctionKey,
} from '../../contracts/functions';
import { STREAM_VIEW_TYPE, TABLES } from '../../contracts/tables';
import type { Target } from '../target/target';
import { attention, type Findings, ok, type Stack } from './check';

/** Checks that the publisher reads its table's stream when PublishStatusChanges is true. */
export async function statusChanges({ target, parameters }: Stack): Promise<Findings> {
  if (parameters.get('PublishStatusChanges') !== 'true') return [ok('not published: PublishStatusChanges is false')];
  return Promise.all(STREAM_FUNCTION_KEYS.map((key) => findingOf(key, target)));
}

async function findingOf(key: StreamFunctionKey, target: Target) {
  const name = target.name(functionName(key));
  const mapping = await mappingOf(name, target);
  if (!mapping) return attention(`${name} has no event source mapping`, 'deploy the stack again');
  const { UUID = '', State = 'unknown', EventSourceArn, LastProcessingResult = 'none' } = mapping;
  const TableName = target.name(TABLES[STREAM_FUNCTIONS[key].table].name);
  const stream = await streamOf(TableName, target);
  // A restored table has no stream, and then another one than before.
  if (stream === undefined)
    return attention(
      `${TableName} has no stream, so nothing is published`,
      target.aws`dynamodb update-table --table-name ${TableName} --stream-specification ${`StreamEnabled=true,StreamViewType=${STREAM_VIEW_TYPE}`}`,
    );
  if (EventSourceArn !== stream)
    return attention(
      `${name} reads a stream that ${TableName} had before it was restored`,
      `${target.sam`deploy --config-env ${target.environment}`}, with the other value of TableDeletionProtection, then with its own`,
    );
  if (State === 'Enabled') return ok(`published by ${name}; last batch: ${LastProcessingResult}`);
  return attention(
    `${name} does not read its stream: its mapping is ${State}`,
    target.aws`lambda update-event-source-mapping --uuid ${UUID} --enabled`,
  );
}

/** The only stream that the function reads, if there is one. */
async function mappingOf(name: string, { lambda }: Target): Promise<EventSourceMappingConfiguration | undefined> {
  const pages = paginateListEventSourceMappings({ client: lambda }, { FunctionName: `${name}:${LIVE_ALIAS}` });
  for await (const { EventSourceMappings: [mapping] = [] } of pages) if (mapping) return mapping;
  return undefined;
}

/** ARN of the stream that a table has now; undefined when it has none. */
async function streamOf(TableName: string, { db }: Target): Promise<string | undefined> {
  const { Table } = await db.send(new DescribeTableCommand({ TableName }));
  return Table?.StreamSpecification?.StreamEnabled ? Table.LatestStreamArn : undefined;
}
