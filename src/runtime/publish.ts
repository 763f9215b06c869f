import { SNSClient } from '@aws-sdk/client-sns';
import { publishTo } from '../adapters/topic';
import type { Message } from '../domain/messages';
import { CLIENT_SETTINGS } from './aws-clients';

let sns: SNSClient | undefined;

/** Publishes to a topic. The client starts with the first message: most events need none, and every cold start would pay for it. */
export function publish(topicArn: string, message: Message, signal: AbortSignal): Promise<void> {
  sns ??= new SNSClient(CLIENT_SETTINGS);
  return publishTo(sns, topicArn, message, signal);
}
