import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type FailureMessage, readFailureMessage, type UnreadableMessage } from './failure-message';
import type { Print } from './output';

/**
 * A received message is hidden from others at least this long, or twice as long as the reading has gone on: of a long queue, what
 * comes back before all was seen is held for longer, until all is held at once. A command that is killed leaves it to come back by itself.
 */
const MIN_HOLD_SECONDS = 60;

/** SQS hides no message for longer. */
const MAX_HOLD_SECONDS = 12 * 3_600;

/** Empty receives in a row before a queue counts as read: one answer may miss messages, it samples the servers. */
const EMPTY_RECEIVES = 2;

export type QueueMessage = FailureMessage | UnreadableMessage;

/** How full a queue is. */
export interface QueueCount {
  readonly waiting: number;
  /** Received by somebody who has neither deleted nor released it. */
  readonly in_flight: number;
}

/** One failure queue, read without losing anything: what is not deleted is visible again when the reader is done. */
export class FailureQueue {
  private readonly held = new Map<string, string>();

  private constructor(
    private readonly sqs: SQSClient,
    private readonly name: string,
    private readonly url: string,
    readonly account: string,
    readonly region: string,
  ) {}

  /** @throws QueueDoesNotExist when the stack is not there */
  static async open(sqs: SQSClient, name: string): Promise<FailureQueue> {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const [, , , region = '', account = ''] = (Attributes?.['QueueArn'] ?? '').split(':');
    return new FailureQueue(sqs, name, QueueUrl, account, region);
  }

  /**
   * Each message that was here when the reading began; what arrives meanwhile may be an event that was just redriven and failed again,
   * and is left for the next run. Says when the queue counted more than could be read.
   */
  async *messages(print: Pick<Print, 'note'>): AsyncGenerator<QueueMessage> {
    const { waiting, in_flight } = await this.count();
    const began = Date.now();
    const seen = new Set<string>();
    try {
      for (let empty = 0; empty < EMPTY_RECEIVES; ) {
        const received = await this.receive((Date.now() - began) / 1_000);
        empty = received.length === 0 ? empty + 1 : 0;
        for (const message of received) {
          if (seen.has(message.messageId)) continue;
          seen.add(message.messageId);
          if (message.arrivedAt <= began) yield message;
        }
      }
    } finally {
      await this.release();
    }
    if (seen.size < waiting + in_flight) {
      print.note(
        `${this.name} counted ${waiting + in_flight} messages, and ${seen.size} were to be read: the others are hidden by whoever received them last, or its count was late; look again later`,
      );
    }
  }

  /** How many there are, by the queue's own count, which follows what happens by up to a minute. */
  async count(): Promise<QueueCount> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      waiting: Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0),
      in_flight: Number(Attributes?.['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    };
  }

  async delete({ messageId, receiptHandle }: QueueMessage): Promise<void> {
    await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receiptHandle }));
    this.held.delete(messageId);
  }

  /** @param elapsed seconds since the reading began */
  private async receive(elapsed: number): Promise<QueueMessage[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: Math.min(Math.max(MIN_HOLD_SECONDS, Math.ceil(2 * elapsed)), MAX_HOLD_SECONDS),
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
