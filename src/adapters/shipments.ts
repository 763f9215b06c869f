import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { isStatus, type Status } from '../../contracts/statuses';
import type { Advanced } from '../application/record-shipment-event';
import type { ShipmentEvent } from '../domain/shipment-event';
import { stringOf, toAttributes } from './attributes';

/** Each shipment's current status: the row of the greatest version. */
export function shipments(db: DynamoDBClient, table: string, abortSignal: AbortSignal) {
  return {
    async advance({ shipment_id, status, timestamp, event_id, version }: ShipmentEvent): Promise<Advanced> {
      try {
        const { Attributes } = await db.send(
          new PutItemCommand({
            TableName: table,
            Item: toAttributes({ shipment_id, status, timestamp, event_id, version }),
            ConditionExpression: 'attribute_not_exists(shipment_id) OR version < :version',
            ExpressionAttributeValues: { ':version': { S: version } },
            ReturnValues: 'ALL_OLD',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
          { abortSignal },
        );
        const previous = Attributes && statusOf(Attributes);
        return { moved: true, ...(previous && { previous }) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // An equal version is this event's own: its write was done before.
        const stored = stringOf(error.Item, 'version') ?? '';
        return { moved: false, superseded: stored > version, current: statusOf(error.Item) };
      }
    },
  };
}

function statusOf(item: Record<string, AttributeValue> | undefined): Status {
  const status = stringOf(item, 'status');
  if (status === undefined || !isStatus(status)) throw new Error(`the status row holds no known status: ${status}`);
  return status;
}
