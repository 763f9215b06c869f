import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Message } from '../domain/messages';

/** Publishes a message to a topic. */
export async function publishTo(
  sns: SNSClient,
  topicArn: string,
  message: Message,
  abortSignal: AbortSignal,
): Promise<void> {
  const attributes = Object.entries(message.attributes).map(
    ([name, value]) => [name, { DataType: 'String', StringValue: value }] as const,
  );
  await sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: message.subject,
      Message: message.body,
      MessageAttributes: Object.fromEntries(attributes),
    }),
    { abortSignal },
  );
}
