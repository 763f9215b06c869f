import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type FailureMessage, readFailureMessage, type UnreadableMessage } from './failure-message';

/** A received message is hidden from others this long; a command that is killed leaves it to come back by itself. */
const HOLD_SECONDS = 60;

/** Receives in a row that bring nothing new before a queue counts as read: one answer may miss messages, it samples the servers. */
const EMPTY_RECEIVES = 2;

export type QueueMessage = FailureMessage | UnreadableMessage;

/** One failure queue, read without losing anything: what is not deleted is visible again when the reader is done. */
export class FailureQueue {
  private readonly held = new Map<string, string>();

  private constructor(
    private readonly sqs: SQSClient,
    readonly url: string,
    readonly account: string,
    readonly region: string,
  ) {}

  /** @throws QueueDoesNotExist when the stack is not there */
  static async open(sqs: SQSClient, name: string): Promise<FailureQueue> {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const [, , , region = '', account = ''] = (Attributes?.['QueueArn'] ?? '').split(':');
    return new FailureQueue(sqs, QueueUrl, account, region);
  }

  /**
   * Each message that was here when the reading began; what arrives meanwhile may be an event that was just redriven and failed again,
   * and is left for the next run.
   */
  async *messages(): AsyncGenerator<QueueMessage> {
    const began = Date.now();
    const seen = new Set<string>();
    try {
      for (let empty = 0; empty < EMPTY_RECEIVES; ) {
        const fresh = (await this.receive()).filter(({ messageId }) => !seen.has(messageId));
        empty = fresh.length === 0 ? empty + 1 : 0;
        for (const message of fresh) {
          seen.add(message.messageId);
          if (message.arrivedAt <= began) yield message;
        }
      }
    } finally {
      await this.release();
    }
  }

  async delete({ messageId, receiptHandle }: QueueMessage): Promise<void> {
    await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receiptHandle }));
    this.held.delete(messageId);
  }

  private async receive(): Promise<QueueMessage[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: HOLD_SECONDS,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp'],
        MessageAttributeNames: ['All'],
      }),
    );
    const messages = Messages.map(readFailureMessage);
    for (const { messageId, receiptHandle } of messages) this.held.set(messageId, receiptHandle);
    return messages;
  }

  /** Lets others see again what was read and not deleted. */
  private async release(): Promise<void> {
    const entries = [...this.held.values()].map((ReceiptHandle, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    this.held.clear();
    for (let start = 0; start < entries.length; start += 10) {
      const Entries = entries.slice(start, start + 10);
      await this.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries }));
    }
  }
}
