import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { errorRowTtl, TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import { failureGroupOf } from '../../src/domain/failure-group';
import { type ErrorKey, type ErrorType, type Failure, failureOf } from '../../src/domain/failure-row';
import type { Json } from '../../src/domain/json';
import { ownerName, type QueueKey } from '../messages/queues';
import type { Target } from '../target/target';

export const ERROR_TYPES: readonly ErrorType[] = ['transient', 'rejected', 'conflict'];

/** Time of the row's latest record in ISO 8601. A row of an event without a recorded attempt has only the time of its discard or redrive. */
export const lastSeen = (row: Readonly<Record<string, unknown>>) =>
  String(row['last_seen_at'] ?? row['discarded_at'] ?? row['redriven_at'] ?? '');

/** Error row of an event of this queue, whether it exists or not. */
const rowOf = (event: Json, key: QueueKey, target: Target): Failure =>
  failureOf(event, undefined, target.name(ownerName(key)));

/** A queue's event with what its error row has about it. Ids that cannot be read are `-`. */
export async function recordedFailureOf(event: Json, key: QueueKey, target: Target) {
  const { error_id, timestamp, shipment_id = '-', event_id = '-' } = rowOf(event, key, target);
  const { Item } = await target.db.send(
    new GetItemCommand({
      TableName: target.name(TABLES.errorEvents.name),
      Key: toAttributes({ error_id, timestamp }),
      ProjectionExpression: 'error_type, error_message, function_name, shipment_id, event_id, redrives',
      ConsistentRead: true,
    }),
  );
  const row = Item ? unmarshall(Item) : {};
  const { redrives = 0 } = row as { redrives?: number };
  // Without a row, the attempt was killed or never began. The row of an error event has its producer's error type.
  const error_type = ERROR_TYPES.find((type) => type === row['error_type']) ?? 'transient';
  const group = row['error_type'] ? failureGroupOf(row).group : null;
  return { shipment_id, event_id, error_type, group, redrives };
}

interface RowWrite {
  readonly set: Readonly<Record<string, Json>>;
  /** Set only where the row lacks the attribute. */
  readonly ifAbsent?: Readonly<Record<string, Json | undefined>>;
  readonly increment?: string;
  readonly condition?: string;
}

/** Updates a row of the error table, and creates it unless the condition prevents that. */
export async function writeErrorRow(
  { error_id, timestamp }: ErrorKey,
  { set, ifAbsent = {}, increment, condition }: RowWrite,
  { db, name }: Target,
): Promise<void> {
  const values = toAttributes({ ...ifAbsent, ...set });
  const names = [...Object.keys(values), ...(increment ? [increment] : [])];
  const sets = Object.keys(values).map((attribute) =>
    attribute in set ? `#${attribute} = :${attribute}` : `#${attribute} = if_not_exists(#${attribute}, :${attribute})`,
  );
  await db.send(
    new UpdateItemCommand({
      TableName: name(TABLES.errorEvents.name),
      Key: toAttributes({ error_id, timestamp }),
      UpdateExpression: `SET ${sets.join(', ')}${increment ? ` ADD #${increment} :one` : ''}`,
      ...(condition && { ConditionExpression: condition }),
      ExpressionAttributeNames: Object.fromEntries(names.map((attribute) => [`#${attribute}`, attribute])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(values).map(([attribute, value]) => [`:${attribute}`, value])),
        ...(increment && { ':one': { N: '1' } }),
      },
    }),
  );
}

/** Updates the error row of a queue's event. Keeps the row's own data on the event, and creates the row when it is missing. */
export async function writeRowOf(event: Json, key: QueueKey, write: RowWrite, target: Target): Promise<string> {
  const row = rowOf(event, key, target);
  const { function_name, shipment_id, event_id } = row;
  const first_seen_at = new Date(target.now()).toISOString();
  const ifAbsent = { function_name, shipment_id, event_id, first_seen_at, ...newExpiry(target), ...write.ifAbsent };
  await writeErrorRow(row, { ...write, ifAbsent }, target);
  return row.error_id;
}

/** Restarts the row's retention. */
const newExpiry = (target: Target) => ({ [TABLES.errorEvents.ttl]: errorRowTtl(target.now()) });

export function recordDiscard(event: Json, key: QueueKey, reason: string, target: Target): Promise<string> {
  const set = { discarded_at: new Date(target.now()).toISOString(), discard_reason: reason, ...newExpiry(target) };
  return writeRowOf(event, key, { set, ifAbsent: { event: rowOf(event, key, target).event } }, target);
}

export async function recordRedrive(event: Json, key: QueueKey, target: Target): Promise<void> {
  const set = { redriven_at: new Date(target.now()).toISOString(), ...newExpiry(target) };
  await writeRowOf(event, key, { set, increment: 'redrives' }, target);
}
