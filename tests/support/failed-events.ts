/** Failed events, put into a dead-letter queue as AWS would. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterQueueName, type QueuedFunctionKey } from '../../contracts/functions';
import { inEnvironment } from '../../contracts/names';
import { ENVIRONMENT } from '../../local/deploy';
import { CREDENTIALS, REGION } from '../../local/environment';
import type { LocalStack } from '../../local/stack';

/** A function's queue by its name. */
export const queueOf = (key: QueuedFunctionKey) => inEnvironment(deadLetterQueueName(key), ENVIRONMENT);

/** What the OnFailure destination gets of an event whose retries are exhausted; a rule that cannot deliver puts the event itself there. */
export const afterRetries = (event: object) => ({
  requestContext: { condition: 'RetriesExhausted' },
  requestPayload: event,
  responsePayload: {},
});

/** Puts a message into a queue of the stack; answers its id. */
export async function putIntoQueue({ endpoint }: LocalStack, queue: string, message: object): Promise<string> {
  const sqs = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const QueueUrl = `${endpoint}/000000000000/${queue}`;
  const { MessageId = '' } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  return MessageId;
}
