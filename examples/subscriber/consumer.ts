import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
// Your service imports from 'logistics-event-publisher'.
import { parseStatusChanged, type StatusChanged } from '../../publisher/status-events';

const db = new DynamoDBClient();

/** Stores the status of each shipment. SQS delivers failed messages again and finally moves them to the dead-letter queue. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of Records) {
    try {
      await store(parseStatusChanged(body));
    } catch (error) {
      console.error(messageId, error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

/** Stores the greater version, so that changes may arrive twice, late, or at two consumers at once. */
async function store({ shipment_id, status, version }: StatusChanged): Promise<void> {
  try {
    await db.send(
      new UpdateItemCommand({
        TableName: process.env['STATUSES'],
        Key: { shipment_id: { S: shipment_id } },
        UpdateExpression: 'SET #status = :status, version = :version',
        ConditionExpression: 'attribute_not_exists(version) OR version < :version',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': { S: status }, ':version': { S: version } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
