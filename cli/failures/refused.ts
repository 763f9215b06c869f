import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import type { Row } from '../target/rows';
import type { Target } from '../target/target';

/** Limit of rows to read, the latest by their events' time. */
export const LATEST = 100;

/** Reads a shipment's rejected and conflicting events in order. */
export async function refusedEventsOf(shipment: string, target: Target) {
  const query = new QueryCommand({
    TableName: target.name(TABLES.errorEvents.name),
    IndexName: 'shipment-index' satisfies keyof typeof TABLES.errorEvents.indexes,
    KeyConditionExpression: 'shipment_id = :id',
    ExpressionAttributeValues: toAttributes({ ':id': shipment }),
    ProjectionExpression: 'error_id, #timestamp',
    ExpressionAttributeNames: { '#timestamp': 'timestamp' },
    ScanIndexForward: false,
    Limit: LATEST,
  });
  const { Items = [] } = await target.db.send(query);
  const rows = await Promise.all(Items.reverse().map((key) => rowOf(key, target)));
  return rows.flatMap(refusedEvent);
}

async function rowOf(Key: Row, { db, name }: Target): Promise<Row> {
  const { Item } = await db.send(
    new GetItemCommand({
      TableName: name(TABLES.errorEvents.name),
      Key,
      ProjectionExpression: 'error_id, #timestamp, error_type, error_message, event_id, discarded_at',
      ExpressionAttributeNames: { '#timestamp': 'timestamp' },
    }),
  );
  return Item ?? {};
}

/** The refused event of a row; none for a transient failure, whose event may be in the log by now. */
function refusedEvent(row: Row) {
  const error_type = stringOf(row, 'error_type');
  if (error_type !== 'rejected' && error_type !== 'conflict') return [];
  return [
    {
      time: new Date(Number(row['timestamp']?.N)).toISOString(),
      status: 'refused',
      event_id: stringOf(row, 'event_id') ?? null,
      error_id: stringOf(row, 'error_id') ?? '',
      marks: [error_type, ...(row['discarded_at'] ? ['discarded'] : []), stringOf(row, 'error_message') ?? ''],
    },
  ];
}
