/** Failed events in a dead-letter queue, in AWS's format. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterQueueName, type QueuedFunctionKey } from '../../contracts/functions';
import { inEnvironment } from '../../contracts/names';
import { ENVIRONMENT } from '../../local/deploy';
import { CREDENTIALS, REGION } from '../../local/environment';
import type { LocalStack } from '../../local/stack';

/** Name of a function's dead-letter queue. */
export const queueOf = (key: QueuedFunctionKey) => inEnvironment(deadLetterQueueName(key), ENVIRONMENT);

/** Lambda's message about an event whose retries are exhausted. A rule that cannot deliver an event sends the event itself. */
export const afterRetries = (event: object) => ({
  requestContext: { condition: 'RetriesExhausted' },
  requestPayload: event,
  responsePayload: {},
});

/** Sends a message to a queue of the stack and returns its id. */
export async function putIntoQueue({ endpoint }: LocalStack, queue: string, message: object): Promise<string> {
  const sqs = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const QueueUrl = `${endpoint}/000000000000/${queue}`;
  const { MessageId = '' } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  return MessageId;
}
