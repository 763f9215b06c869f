import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { errorRowTtl, TABLES } from '../contracts/tables';
import { toAttributes } from '../src/adapters/attributes';
import { type ErrorType, failureOf } from '../src/domain/failure-row';
import type { Json } from '../src/domain/json';
import { ownerName, type QueueKey } from './queues';
import type { Target } from './target';

/** The classes of the error table. */
export const ERROR_TYPES: readonly ErrorType[] = ['transient', 'rejected', 'conflict'];

/** When something of the event was recorded last, in ISO 8601. One that was discarded before any attempt was recorded has only that date. */
export const lastSeen = (row: Readonly<Record<string, unknown>>) =>
  String(row['last_seen_at'] ?? row['discarded_at'] ?? '');

/** The row in the error table that an event of this queue has, or would have. */
const rowOf = (event: Json, key: QueueKey, target: Target) => failureOf(event, undefined, target.name(ownerName(key)));

/** Identifiers of a failed event, as far as they can be read. */
export function subjectOf(event: Json, key: QueueKey, target: Target) {
  const { shipment_id = '-', event_id = '-' } = rowOf(event, key, target);
  return { shipment_id, event_id };
}

/** How the error table classes an event; `transient` when it has no row: the attempt was killed, or never began. */
export async function errorTypeOf(event: Json, key: QueueKey, target: Target): Promise<ErrorType> {
  const { error_id, timestamp } = rowOf(event, key, target);
  const { Item } = await target.db.send(
    new GetItemCommand({
      TableName: target.name(TABLES.errorEvents.name),
      Key: toAttributes({ error_id, timestamp }),
      ProjectionExpression: 'error_type',
      ConsistentRead: true,
    }),
  );
  const recorded = Item?.['error_type']?.S;
  return recorded === 'rejected' || recorded === 'conflict' ? recorded : 'transient';
}

/** Writes onto the event's row why it was taken out for good, and makes the row where there is none. */
export async function recordDiscard(event: Json, key: QueueKey, reason: string, target: Target): Promise<string> {
  const { error_id, timestamp, function_name, shipment_id, event_id, event: described } = rowOf(event, key, target);
  const now = new Date(target.now());
  const kept = toAttributes({
    function_name,
    shipment_id,
    event_id,
    event: described,
    first_seen_at: now.toISOString(),
  });
  await target.db.send(
    new UpdateItemCommand({
      TableName: target.name(TABLES.errorEvents.name),
      Key: toAttributes({ error_id, timestamp }),
      UpdateExpression: `SET discarded_at = :now, discard_reason = :reason, #ttl = :ttl, ${Object.keys(kept)
        .map((name) => `#${name} = if_not_exists(#${name}, :${name})`)
        .join(', ')}`,
      ExpressionAttributeNames: {
        '#ttl': TABLES.errorEvents.ttl,
        ...Object.fromEntries(Object.keys(kept).map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ':now': { S: now.toISOString() },
        ':reason': { S: reason },
        ':ttl': { N: String(errorRowTtl(now.getTime())) },
        ...Object.fromEntries(Object.entries(kept).map(([name, value]) => [`:${name}`, value])),
      },
    }),
  );
  return error_id;
}
