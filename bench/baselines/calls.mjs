/** The calls of an ordinary event, as plainly as the SDK lets one write them. */
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';
import { logRow, statusRow } from './rows.mjs';

export function callsWith(db, sns) {
  const update = (TableName, Key, name) =>
    db.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #name = :now',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':now': { S: new Date().toISOString() } },
      }),
    );

  const publish = (message) =>
    sns.send(new PublishCommand({ TopicArn: process.env.PROCESSING_TOPIC_ARN, Message: JSON.stringify(message) }));

  async function record({ id, time, 'detail-type': type, detail: { shipment_id, status = 'pending', metadata } }) {
    const timestamp = { N: String(Date.parse(time)) };
    const row = { event_id: { S: id }, timestamp, shipment_id: { S: shipment_id }, status: { S: status } };
    await db.send(
      new PutItemCommand({
        TableName: process.env.SHIPMENT_EVENTS_TABLE,
        Item: logRow(row, type, metadata),
        ConditionExpression: 'attribute_not_exists(event_id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    const version = `${time}#${id}`;
    await db.send(
      new PutItemCommand({
        TableName: process.env.SHIPMENTS_TABLE,
        Item: statusRow(row, version),
        ConditionExpression: 'attribute_not_exists(shipment_id) OR version < :version',
        ExpressionAttributeValues: { ':version': { S: version } },
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    if (status === 'delivered') {
      await publish({ shipment_id, status });
      await update(process.env.SHIPMENT_EVENTS_TABLE, { event_id: row.event_id, timestamp }, 'notified_at');
    }
    return { event_id: id };
  }

  async function tell({ id, time, detail }) {
    const key = { error_id: { S: `external/${id}` }, timestamp: { N: String(Date.parse(time)) } };
    await update(process.env.ERROR_EVENTS_TABLE, key, 'lease');
    await publish(detail);
    await update(process.env.ERROR_EVENTS_TABLE, key, 'notified_at');
    return { processed: true };
  }

  return { record, tell };
}
