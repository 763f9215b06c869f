/** What the tables hold of one shipment. */
import { type AttributeValue, GetItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../contracts/tables';
import { toAttributes } from '../src/adapters/attributes';
import type { Target } from './target';
import { type LoggedEvent, readLoggedEvent } from './timeline';

/** The attributes of a log row that {@link readLoggedEvent} reads, without the metadata, for a `ProjectionExpression`. */
export const LOGGED_EVENT = {
  ProjectionExpression:
    'event_id, #timestamp, #status, shipment_id, old_status, detail_type, notify, reason, corrected_by, corrects, notified_at, process_result.processed_at, process_result.estimated_delivery',
  ExpressionAttributeNames: { '#timestamp': 'timestamp', '#status': 'status' },
} as const;

/** The status row as it is stored. */
export async function statusItemOf(
  id: string,
  target: Target,
): Promise<Readonly<Record<string, AttributeValue>> | undefined> {
  const { Item } = await target.db.send(
    new GetItemCommand({
      TableName: target.name(TABLES.shipments.name),
      Key: toAttributes({ shipment_id: id }),
      ConsistentRead: true,
    }),
  );
  return Item;
}

export async function allLoggedEventsOf(id: string, target: Target): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for await (const event of loggedEventsOf(id, target)) events.push(event);
  return events;
}

/** The shipment's log rows by time, from an index that follows the log by moments. */
export async function* loggedEventsOf(id: string, target: Target): AsyncGenerator<LoggedEvent> {
  const pages = paginateQuery(
    { client: target.db },
    {
      ...LOGGED_EVENT,
      TableName: target.name(TABLES.shipmentEvents.name),
      IndexName: 'shipment-index' satisfies keyof typeof TABLES.shipmentEvents.indexes,
      KeyConditionExpression: 'shipment_id = :id',
      ExpressionAttributeValues: toAttributes({ ':id': id }),
    },
  );
  for await (const { Items = [] } of pages) yield* Items.map(readLoggedEvent);
}

export type LoggedIdentity = Pick<LoggedEvent, 'event_id' | 'timestamp'>;

/** A row of the log by its identity. */
export async function loggedEvent(
  { event_id, timestamp }: LoggedIdentity,
  target: Target,
): Promise<LoggedEvent | undefined> {
  const { Item } = await target.db.send(
    new GetItemCommand({
      ...LOGGED_EVENT,
      TableName: target.name(TABLES.shipmentEvents.name),
      Key: toAttributes({ event_id, timestamp }),
      ConsistentRead: true,
    }),
  );
  return Item && readLoggedEvent(Item);
}
