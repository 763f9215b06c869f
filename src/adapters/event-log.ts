import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { REDACTED_AT } from '../../contracts/redaction';
import { logRowTtl } from '../../contracts/retention';
import { TABLES } from '../../contracts/tables';
import type { Appended } from '../application/record-shipment-event';
import { Rejected } from '../domain/failures';
import type { ProcessResult } from '../domain/process-result';
import type { ShipmentEvent } from '../domain/shipment-event';
import { stringOf, stringsOf, toAttribute, toAttributes } from './attributes';

/** The key of an event's row in the log. */
export const logKey = ({ event_id, timestamp }: Pick<ShipmentEvent, 'event_id' | 'timestamp'>) =>
  toAttributes({ event_id, timestamp });

/**
 * The log of accepted events. Rows are added and never changed, except for the notification state and a redaction.
 * @param retentionDays after which DynamoDB removes a row; 0 for never
 */
export function eventLog(db: DynamoDBClient, table: string, retentionDays: number, abortSignal: AbortSignal) {
  return {
    /**
     * @throws Rejected when DynamoDB refuses the item itself (over 400 KB, nested too deeply, a number out of range): nothing else in the
     * request changes from one event to the next
     */
    async append(event: ShipmentEvent, result: ProcessResult, lease: string | undefined): Promise<Appended> {
      const { received: _, metadata, ...attributes } = event;
      const ttl = logRowTtl(Date.parse(result.processed_at), retentionDays);
      try {
        await db.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...toAttributes({ ...attributes, lease, [TABLES.shipmentEvents.ttl]: ttl }),
              metadata: toAttribute(metadata),
              process_result: toAttribute({ ...result }),
            },
            ConditionExpression: 'attribute_not_exists(event_id)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
          { abortSignal },
        );
        return { created: true };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { created: false, existing: loggedEvent(error) };
        if (error instanceof Error && error.name === 'ValidationException') {
          throw new Rejected(`the event cannot be stored: ${error.message}`, { cause: error });
        }
        throw error;
      }
    },
  };
}

function loggedEvent({ Item }: ConditionalCheckFailedException) {
  const payload_hash = stringOf(Item, 'payload_hash');
  if (payload_hash === undefined)
    throw new Error('DynamoDB refused the put without returning the row that stands there');
  return { payload_hash, ...stringsOf(Item, ['account', 'notified_at', 'lease', REDACTED_AT]) };
}
