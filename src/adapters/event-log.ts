import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Appended } from '../application/record-shipment-event';
import { Rejected } from '../domain/failures';
import type { ProcessResult } from '../domain/process-result';
import type { ShipmentEvent } from '../domain/shipment-event';
import { stringOf, toAttribute, toAttributes } from './attributes';

/** The key of an event's row in the log. */
export const logKey = ({ event_id, timestamp }: Pick<ShipmentEvent, 'event_id' | 'timestamp'>) =>
  toAttributes({ event_id, timestamp });

/** The log of accepted events: rows are added, never changed (but for the notification's state). */
export function eventLog(db: DynamoDBClient, table: string, abortSignal: AbortSignal) {
  return {
    /**
     * @throws Rejected when DynamoDB refuses the item for what it is (over 400 KB, nested too deeply, a number out of range): the
     * only part of the request that changes from one event to the next is the item.
     */
    async append(event: ShipmentEvent, result: ProcessResult, lease: string | undefined): Promise<Appended> {
      const { received: _, metadata, ...attributes } = event;
      try {
        await db.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...toAttributes({ ...attributes, lease }),
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
  const [account, notified_at, lease] = ['account', 'notified_at', 'lease'].map((name) => stringOf(Item, name));
  return {
    payload_hash,
    ...(account && { account }),
    ...(notified_at && { notified_at }),
    ...(lease && { lease }),
  };
}
