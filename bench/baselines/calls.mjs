/** The calls for an event in the plainest form: the same requests for each baseline. */
import { createHash } from 'node:crypto';

const attribute = (value) => (typeof value === 'number' ? { N: String(value) } : { S: String(value) });

/** A row with the same attributes as the functions' rows, so that the baselines send as many bytes. */
function logRow(row, type, metadata = {}) {
  return {
    ...row,
    detail_type: { S: type },
    metadata: { M: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, attribute(value)])) },
    payload_hash: { S: createHash('sha256').update(JSON.stringify(metadata)).digest('hex') },
    process_result: {
      M: { processed_at: { S: new Date().toISOString() }, validations: { L: [{ S: 'status_valid' }] } },
    },
  };
}

/** Handles events by functions that each send one kind of request. */
export function callsWith({ putItem, updateItem, publish }) {
  const mark = (TableName, Key, name) =>
    updateItem({
      TableName,
      Key,
      UpdateExpression: 'SET #name = :now',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':now': { S: new Date().toISOString() } },
    });

  const notify = (message) => publish({ TopicArn: process.env.PROCESSING_TOPIC_ARN, Message: JSON.stringify(message) });

  async function record({ id, time, 'detail-type': type, detail: { shipment_id, status = 'pending', metadata } }) {
    const timestamp = { N: String(Date.parse(time)) };
    const row = { event_id: { S: id }, timestamp, shipment_id: { S: shipment_id }, status: { S: status } };
    await putItem({
      TableName: process.env.SHIPMENT_EVENTS_TABLE,
      Item: logRow(row, type, metadata),
      ConditionExpression: 'attribute_not_exists(event_id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const version = `${time}#${id}`;
    await putItem({
      TableName: process.env.SHIPMENTS_TABLE,
      Item: { ...row, version: { S: version } },
      ConditionExpression: 'attribute_not_exists(shipment_id) OR version < :version',
      ExpressionAttributeValues: { ':version': { S: version } },
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    if (status === 'delivered') {
      await notify({ shipment_id, status });
      await mark(process.env.SHIPMENT_EVENTS_TABLE, { event_id: row.event_id, timestamp }, 'notified_at');
    }
    return { event_id: id };
  }

  async function notifyOfError({ id, time, detail }) {
    const key = { error_id: { S: `external/${id}` }, timestamp: { N: String(Date.parse(time)) } };
    await mark(process.env.ERROR_EVENTS_TABLE, key, 'lease');
    await notify(detail);
    await mark(process.env.ERROR_EVENTS_TABLE, key, 'notified_at');
    return { processed: true };
  }

  return { record, notifyOfError };
}

/** A handler that only makes the calls. */
export function plainHandler(requests) {
  const { record, notifyOfError } = callsWith(requests);
  return async (event) => ({
    statusCode: 200,
    body: JSON.stringify(await (event.source === 'logistics.error' ? notifyOfError(event) : record(event))),
  });
}
