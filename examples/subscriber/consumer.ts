import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
// In a service of your own: from 'logistics-event-publisher'.
import { parseStatusChanged, type StatusChanged } from '../../publisher/status-events';

const db = new DynamoDBClient();

/** Keeps the status of each shipment. A message that fails comes again, and in the end is in the dead-letter queue. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of Records) {
    try {
      await keep(parseStatusChanged(body));
    } catch (error) {
      console.error(messageId, error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

/** The greater version wins, so that a change may come twice, late, or to two consumers at once. */
async function keep({ shipment_id, status, version }: StatusChanged): Promise<void> {
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
