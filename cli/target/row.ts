import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import type { Target } from './target';

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
