import { type DynamoDBClient, GetItemCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Status } from '../contracts/statuses';
import { TABLES } from '../contracts/tables';
import { type CurrentStatus, type Item, type LoggedEvent, readLoggedEvent } from './shipment-rows';

export interface Tables {
  readonly db: Pick<DynamoDBClient, 'send'>;
  /** A resource's name in this environment. */
  name(resource: string): string;
}

/** Projection of a log row to the attributes that {@link readLoggedEvent} reads. */
export const LOGGED_EVENT = {
  ProjectionExpression:
    'event_id, #timestamp, #status, shipment_id, old_status, detail_type, notify, reason, corrected_by, corrects, notified_at, process_result.processed_at, process_result.estimated_delivery',
  ExpressionAttributeNames: { '#timestamp': 'timestamp', '#status': 'status' },
} as const;

export async function statusItemOf(id: string, { db, name }: Tables): Promise<Item | undefined> {
  const { Item } = await db.send(
    new GetItemCommand({
      TableName: name(TABLES.shipments.name),
      Key: { shipment_id: { S: id } },
      ConsistentRead: true,
    }),
  );
  return Item;
}

export async function allLoggedEventsOf(id: string, tables: Tables): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for await (const event of loggedEventsOf(id, tables)) events.push(event);
  return events;
}

/** A shipment's log rows by time, from an index that may lag the log by moments. */
export async function* loggedEventsOf(id: string, { db, name }: Tables): AsyncGenerator<LoggedEvent> {
  const query = {
    ...LOGGED_EVENT,
    TableName: name(TABLES.shipmentEvents.name),
    IndexName: 'shipment-index' satisfies keyof typeof TABLES.shipmentEvents.indexes,
    KeyConditionExpression: 'shipment_id = :id',
    ExpressionAttributeValues: { ':id': { S: id } },
  };
  for await (const page of pagesOf(query, db)) yield* page.map(readLoggedEvent);
}

export type LoggedIdentity = Pick<CurrentStatus, 'event_id' | 'timestamp'>;

export async function loggedEvent(
  { event_id, timestamp }: LoggedIdentity,
  { db, name }: Tables,
): Promise<LoggedEvent | undefined> {
  const { Item } = await db.send(
    new GetItemCommand({
      ...LOGGED_EVENT,
      TableName: name(TABLES.shipmentEvents.name),
      Key: { event_id: { S: event_id }, timestamp: { N: String(timestamp) } },
      ConsistentRead: true,
    }),
  );
  return Item && readLoggedEvent(Item);
}

/** Status rows in one status, the oldest first, from an index that may lag the table by moments. */
export function statusItemsOf(status: Status, { db, name }: Tables): AsyncGenerator<readonly Item[]> {
  const query = {
    TableName: name(TABLES.shipments.name),
    IndexName: 'status-index' satisfies keyof typeof TABLES.shipments.indexes,
    KeyConditionExpression: '#status = :status',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':status': { S: status } },
  };
  return pagesOf(query, db);
}

/** Pages of a query. The SDK's paginator would refuse the client of another copy of the SDK, which a service may pass. */
async function* pagesOf(query: QueryCommandInput, db: Tables['db']): AsyncGenerator<readonly Item[]> {
  let ExclusiveStartKey: Record<string, Item[string]> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await db.send(
      new QueryCommand({ ...query, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    yield Items;
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
}
