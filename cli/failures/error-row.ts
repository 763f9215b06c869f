import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { errorRowTtl, TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import { failureGroupOf } from '../../src/domain/failure-group';
import { type ErrorKey, type ErrorType, type Failure, failureOf } from '../../src/domain/failure-row';
import type { Json } from '../../src/domain/json';
import { ownerName, type QueueKey } from '../messages/queues';
import type { Target } from '../target/target';

/** The classes of the error table. */
export const ERROR_TYPES: readonly ErrorType[] = ['transient', 'rejected', 'conflict'];

/** When something of the event was recorded last, in ISO 8601. One that was discarded or redriven before any attempt was recorded has only that date. */
export const lastSeen = (row: Readonly<Record<string, unknown>>) =>
  String(row['last_seen_at'] ?? row['discarded_at'] ?? row['redriven_at'] ?? '');

/** The event that a row keeps: its JSON, or the text as far as it goes, where it was cut when it was stored. */
export function keptEvent(event: string): Json {
  try {
    return JSON.parse(event);
  } catch {
    return event;
  }
}

/** The row in the error table that an event of this queue has, or would have. */
const rowOf = (event: Json, key: QueueKey, target: Target): Failure =>
  failureOf(event, undefined, target.name(ownerName(key)));

/** A failed event, and what the error table says of it. */
export interface RecordedFailure {
  /** `-` where the event's cannot be read, as of its event_id. */
  readonly shipment_id: string;
  readonly event_id: string;
  /** `transient` when it has no row: the attempt was killed, or never began. */
  readonly error_type: ErrorType;
  /** Of failures with the same cause; undefined when it has no row. */
  readonly group?: string;
  /** How often it was redriven. */
  readonly redrives: number;
}

export async function recordedFailureOf(event: Json, key: QueueKey, target: Target): Promise<RecordedFailure> {
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
  const { error_type, redrives = 0 } = row;
  return {
    shipment_id,
    event_id,
    error_type: error_type === 'rejected' || error_type === 'conflict' ? error_type : 'transient',
    ...(error_type && { group: failureGroupOf(row).group }),
    redrives,
  };
}

interface RowWrite {
  readonly set: Readonly<Record<string, Json>>;
  /** Set where the row does not have it. */
  readonly ifAbsent?: Readonly<Record<string, Json | undefined>>;
  readonly increment?: string;
  readonly condition?: string;
}

/** One write onto a row of the error table, made where there is none unless a condition says otherwise. */
export async function writeErrorRow(
  { error_id, timestamp }: ErrorKey,
  { set, ifAbsent = {}, increment, condition }: RowWrite,
  { db, name }: Target,
): Promise<void> {
  const values = toAttributes({ ...ifAbsent, ...set });
  const names = [...Object.keys(values), ...(increment ? [increment] : [])];
  const sets = Object.keys(values).map((each) =>
    each in set ? `#${each} = :${each}` : `#${each} = if_not_exists(#${each}, :${each})`,
  );
  await db.send(
    new UpdateItemCommand({
      TableName: name(TABLES.errorEvents.name),
      Key: toAttributes({ error_id, timestamp }),
      UpdateExpression: `SET ${sets.join(', ')}${increment ? ` ADD #${increment} :one` : ''}`,
      ...(condition && { ConditionExpression: condition }),
      ExpressionAttributeNames: Object.fromEntries(names.map((each) => [`#${each}`, each])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(values).map(([each, value]) => [`:${each}`, value])),
        ...(increment && { ':one': { N: '1' } }),
      },
    }),
  );
}

/** Writes onto the row of a queue's event; what the row says of the event already stays. */
export async function writeRowOf(event: Json, key: QueueKey, write: RowWrite, target: Target): Promise<string> {
  const row = rowOf(event, key, target);
  const { function_name, shipment_id, event_id } = row;
  const first_seen_at = new Date(target.now()).toISOString();
  const ifAbsent = { function_name, shipment_id, event_id, first_seen_at, ...keptAnew(target), ...write.ifAbsent };
  await writeErrorRow(row, { ...write, ifAbsent }, target);
  return row.error_id;
}

/** The row is kept for as long as after another failure. */
const keptAnew = (target: Target) => ({ [TABLES.errorEvents.ttl]: errorRowTtl(target.now()) });

/** Writes onto the event's row why it was taken out for good, and makes the row where there is none. */
export function recordDiscard(event: Json, key: QueueKey, reason: string, target: Target): Promise<string> {
  const set = { discarded_at: new Date(target.now()).toISOString(), discard_reason: reason, ...keptAnew(target) };
  return writeRowOf(event, key, { set, ifAbsent: { event: rowOf(event, key, target).event } }, target);
}

/** Counts on the event's row that it was redriven. */
export async function recordRedrive(event: Json, key: QueueKey, target: Target): Promise<void> {
  const set = { redriven_at: new Date(target.now()).toISOString(), ...keptAnew(target) };
  await writeRowOf(event, key, { set, increment: 'redrives' }, target);
}
