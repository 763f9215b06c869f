import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { isStatus } from '../../contracts/statuses';
import type { StatusPorts } from '../application/advance-status';
import type { ShipmentRow } from '../domain/shipment-row';
import { stringOf, stringsOf, toAttributes } from './attributes';

/** The attributes that together hold a row's state; the version names the current event. */
const STATE = ['version', 'last_correction', 'hidden_event'] as const;

/** The new row is greater than the stored one, which has no event that is later than the new row's. */
const REPLACES_ALL =
  'attribute_not_exists(shipment_id) OR (version < :version AND #timestamp <= :timestamp AND attribute_not_exists(hidden_event))';

/** The rows of the shipments, each with its current status. */
export function shipments(db: DynamoDBClient, table: string, abortSignal: AbortSignal): StatusPorts {
  return {
    async putStatus(row, seen) {
      const Item = toAttributes({ ...row });
      try {
        const { Attributes } = await db.send(
          new PutItemCommand({
            TableName: table,
            Item,
            ...(seen ? asSeen(seen) : replacesAll(row)),
            ReturnValues: 'ALL_OLD',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
          { abortSignal },
        );
        return { put: true, ...(Attributes && { replaced: readShipmentRow(Attributes) }) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        if (!error.Item && !seen)
          throw new Error('DynamoDB refused the put without returning the row that stands there');
        return { put: false, ...(error.Item && { found: readShipmentRow(error.Item) }) };
      }
    },
  };
}

const replacesAll = ({ version, timestamp }: ShipmentRow) => ({
  ConditionExpression: REPLACES_ALL,
  ExpressionAttributeNames: { '#timestamp': 'timestamp' },
  ExpressionAttributeValues: { ':version': { S: version }, ':timestamp': { N: String(timestamp) } },
});

/** These attributes and the event alone decide the new row, so a stored row that changed and changed back is the same row. */
function asSeen(seen: ShipmentRow) {
  const present = STATE.filter((name) => seen[name] !== undefined);
  return {
    ConditionExpression: STATE.map((name) =>
      present.includes(name) ? `${name} = :${name}` : `attribute_not_exists(${name})`,
    ).join(' AND '),
    ExpressionAttributeValues: Object.fromEntries(present.map((name) => [`:${name}`, { S: seen[name] ?? '' }])),
  };
}

/** @throws Error when this release does not know the status, or a part of the state is not a string: no function writes such a row */
export function readShipmentRow(item: Readonly<Record<string, AttributeValue>>): ShipmentRow {
  const status = stringOf(item, 'status');
  if (status === undefined || !isStatus(status)) throw new Error(`the status row holds no known status: ${status}`);
  const damaged = STATE.find((name) => item[name] && !stringOf(item, name));
  if (damaged) throw new Error(`the status row's ${damaged} is no version: \`logistics rebuild --overwrite\` fixes it`);
  return {
    shipment_id: stringOf(item, 'shipment_id') ?? '',
    status,
    timestamp: Number(item['timestamp']?.N),
    event_id: stringOf(item, 'event_id') ?? '',
    version: stringOf(item, 'version') ?? '',
    ...stringsOf(item, ['last_correction', 'hidden_event']),
  };
}
