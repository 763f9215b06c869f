import { type AttributeValue, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { FailureKind } from '../../contracts/error-fields';
import { REDACTION } from '../../contracts/redaction';
import { errorRowTtl, TABLES } from '../../contracts/tables';
import type { ReceivedError } from '../application/handle-error-event';
import type { ErrorKey, Failure } from '../domain/failure-row';
import { stringOf, toAttributes } from './attributes';
import type { NotifiableRow } from './notification-state';

const rowKey = ({ error_id, timestamp }: ErrorKey) => toAttributes({ error_id, timestamp });

/** Attributes that a redaction erases for good: another attempt on the same event must not restore them. */
const ERASABLE: ReadonlySet<string> = new Set(['event', 'error_message']);

/** Names and values for an update expression in which each attribute is `#name` and `:name`. */
const placeholdersOf = (attributes: Readonly<Record<string, AttributeValue>>) => ({
  names: Object.fromEntries(Object.keys(attributes).map((name) => [`#${name}`, name])),
  values: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value])),
});

/** The rows of failed events; `now` is epoch milliseconds by the handler's clock. */
export function errorTable(db: DynamoDBClient, table: string, now: () => number, abortSignal: AbortSignal) {
  return {
    /** Adds one attempt; every attempt on an event updates the same row. */
    async record(failure: Failure): Promise<{ attempts: number; announced: ReadonlySet<string> }> {
      const { error_type, error_message, function_name, shipment_id, event_id, event } = failure;
      const given = toAttributes({ error_type, error_message, function_name, shipment_id, event_id, event });
      const { names, values } = placeholdersOf(given);
      const sets = Object.keys(given).map(
        (name) => `#${name} = ${ERASABLE.has(name) ? `if_not_exists(${REDACTION}, :${name})` : `:${name}`}`,
      );
      const { Attributes } = await db.send(
        new UpdateItemCommand({
          TableName: table,
          Key: rowKey(failure),
          UpdateExpression: `SET ${sets.join(', ')}, first_seen_at = if_not_exists(first_seen_at, :now), last_seen_at = :now,
            announced = if_not_exists(announced, :none), #ttl = :ttl ADD attempts :one`,
          ExpressionAttributeNames: { ...names, '#ttl': TABLES.errorEvents.ttl },
          ExpressionAttributeValues: {
            ...values,
            ':now': { S: new Date(now()).toISOString() },
            ':none': { M: {} },
            ':ttl': { N: String(errorRowTtl(now())) },
            ':one': { N: '1' },
          },
          ReturnValues: 'ALL_NEW',
        }),
        { abortSignal },
      );
      return {
        attempts: Number(Attributes?.['attempts']?.N ?? 1),
        announced: new Set(Object.keys(Attributes?.['announced']?.M ?? {})),
      };
    },

    /** Stores when a failure was announced. */
    async markAnnounced(key: ErrorKey, kind: FailureKind): Promise<void> {
      await db.send(
        new UpdateItemCommand({
          TableName: table,
          Key: rowKey(key),
          UpdateExpression: 'SET announced.#kind = if_not_exists(announced.#kind, :now)',
          ExpressionAttributeNames: { '#kind': kind },
          ExpressionAttributeValues: { ':now': { S: new Date(now()).toISOString() } },
        }),
        { abortSignal },
      );
    },
  };
}

/**
 * State that versions before 0.2 left on the row of a failure when they notified about its announcement, which was a `Processing Error` of the
 * producers' source. Such announcements are in the archive for a while.
 */
export async function earlierAnnouncement(
  db: DynamoDBClient,
  table: string,
  key: ErrorKey,
  now: number,
  abortSignal: AbortSignal,
): Promise<'none' | 'notified' | 'held'> {
  const [lease, notifiedAt] = ['processing_error_lease', 'processing_error_notified_at'];
  const ProjectionExpression = [lease, notifiedAt].join(', ');
  const get = new GetItemCommand({ TableName: table, Key: rowKey(key), ProjectionExpression, ConsistentRead: true });
  const { Item } = await db.send(get, { abortSignal });
  if (stringOf(Item, notifiedAt) !== undefined) return 'notified';
  return (stringOf(Item, lease) ?? '') > String(now) ? 'held' : 'none';
}

/** The row of a received error event, with a notification state for each detail-type. Attributes that it already has stay. */
export function receivedErrorRow(table: string, received: ReceivedError, lease: string, now: number): NotifiableRow {
  const { shipment_id, error_type, error_message, event, detail_type } = received;
  const slug = detail_type.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const at = new Date(now).toISOString();
  const kept = toAttributes({ shipment_id, error_type, error_message, event, first_seen_at: at });
  const { names, values } = placeholdersOf(kept);
  return {
    table,
    key: rowKey(received),
    leaseName: `${slug}_lease`,
    notifiedName: `${slug}_notified_at`,
    lease,
    alsoSet: {
      expressions: [
        ...Object.keys(kept).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
        'last_seen_at = :seen',
        '#ttl = :ttl',
      ],
      names: { ...names, '#ttl': TABLES.errorEvents.ttl },
      values: { ...values, ':seen': { S: at }, ':ttl': { N: String(errorRowTtl(now)) } },
    },
  };
}
