/** Cases for any DynamoDB: `tests/integration/events/*.dynamodb.test.ts` run them on the embedded one, the claims on AWS. */
import { BatchWriteItemCommand, type DynamoDBClient, GetItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { eventLog, logKey } from '../../src/adapters/event-log';
import type { Json, JsonObject } from '../../src/domain/json';
import { processResultOf } from '../../src/domain/process-result';
import type { ShipmentEvent } from '../../src/domain/shipment-event';

type Log = ReturnType<typeof eventLog>;

const CONCURRENCY = 20;
/** BatchWriteItem accepts no more items. */
const BATCH_SIZE = 25;

export const appendAtOnce = (log: Log, event: ShipmentEvent) =>
  Promise.all(
    Array.from({ length: CONCURRENCY }, () => log.append(event, processResultOf(event, event.timestamp), undefined)),
  );

/** Stores an event and reads its metadata back, with JavaScript numbers. */
export async function storeAndRead(db: DynamoDBClient, TableName: string, event: ShipmentEvent): Promise<Json> {
  const log = eventLog(db, TableName, 0, new AbortController().signal);
  await log.append(event, processResultOf(event, event.timestamp), undefined);
  const { Item = {} } = await db.send(new GetItemCommand({ TableName, Key: logKey(event), ConsistentRead: true }));
  return unmarshall(Item, { wrapNumbers: (digits) => Number(digits) as unknown as bigint })['metadata'];
}

/** Writes versions as sort keys of one partition and reads them back in DynamoDB's order. */
export async function sortedByDynamoDb(
  db: DynamoDBClient,
  TableName: string,
  versions: readonly string[],
): Promise<(string | undefined)[]> {
  for (let at = 0; at < versions.length; at += BATCH_SIZE) {
    const puts = versions
      .slice(at, at + BATCH_SIZE)
      .map((version) => ({ PutRequest: { Item: { shipment_id: { S: 'SHP-1' }, version: { S: version } } } }));
    await db.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
  }
  const found: (string | undefined)[] = [];
  const query = { KeyConditionExpression: 'shipment_id = :id', ExpressionAttributeValues: { ':id': { S: 'SHP-1' } } };
  for await (const page of paginateQuery({ client: db }, { TableName, ...query }))
    found.push(...(page.Items ?? []).map(({ version }) => version?.S));
  return found;
}

export const inLists = (levels: number): Json => (levels === 0 ? 'deep' : [inLists(levels - 1)]);
export const inObjects = (levels: number): Json => (levels === 0 ? 'deep' : { in: inObjects(levels - 1) });

/** An id of the maximum length, with every character that the contracts allow. */
export const LONGEST_ID = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index)).padEnd(
  128,
  '~',
);

/** Numbers at the limits of DynamoDB and of a double. */
const NUMBERS = [1e-130, -1e-130, 9.999999999999998e125, -9.999999999999998e125, 0.1 + 0.2, 2 ** 53 + 2, 123456789e100];

/** Metadata at the limits, which DynamoDB stores unchanged. */
export const STORED: Readonly<Record<string, JsonObject>> = {
  'numbers at the edges': { numbers: NUMBERS },
  // The detail and its metadata are two levels of the 30.
  'the deepest lists': { value: inLists(28) },
  'the deepest objects': { value: inObjects(28) },
  'nearly an item': { text: '\u20ac'.repeat(130_000) },
};

/** Metadata and an `event_id` that DynamoDB refuses. */
export const REFUSED: readonly (readonly [name: string, metadata: JsonObject, event_id: string])[] = [
  ['a number too large', { value: 1e126 }, 'an-id'],
  ['a number too small', { value: 1e-131 }, 'an-id'],
  ['nesting beyond its 32 levels', { value: inLists(32) }, 'an-id'],
  ['an item of more than 400 KB', { text: 'x'.repeat(400 * 1_024) }, 'an-id'],
  ['a key of more than 2,048 bytes', {}, 'x'.repeat(2_049)],
  ['an empty key', {}, ''],
];
