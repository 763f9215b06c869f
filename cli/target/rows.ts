import { type AttributeValue, BatchGetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import type { Target } from './target';

export type Row = Record<string, AttributeValue>;

/** Reads a row of the log or of the error table by its partition key alone. */
export async function rowOf(
  table: typeof TABLES.shipmentEvents | typeof TABLES.errorEvents,
  id: string,
  { db, name }: Target,
) {
  const query = {
    TableName: name(table.name),
    KeyConditionExpression: `${table.partition[0]} = :id`,
    ExpressionAttributeValues: toAttributes({ ':id': id }),
    ConsistentRead: true,
  };
  return (await db.send(new QueryCommand(query))).Items?.[0];
}

/** BatchGetItem accepts no more keys. */
export const KEYS_A_CALL = 100;

/** Reads the rows that exist under these keys. */
export async function rowsOf(
  { TableName, ...options }: { readonly TableName: string; readonly ConsistentRead: true },
  keys: readonly Row[],
  { db }: Target,
): Promise<Row[]> {
  const rows: Row[] = [];
  let remaining = [...keys];
  while (remaining.length > 0) {
    const Keys = remaining.slice(0, KEYS_A_CALL);
    const { Responses, UnprocessedKeys } = await db.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { ...options, Keys } } }),
    );
    rows.push(...(Responses?.[TableName] ?? []));
    // A response ends at 16 MB. When no key was processed the SDK treats the call as throttled, waits and retries.
    remaining = [...remaining.slice(KEYS_A_CALL), ...(UnprocessedKeys?.[TableName]?.Keys ?? [])];
  }
  return rows;
}
