import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Target } from '../target/target';
import type { Print } from '../terminal/output';
import { readFailureMessage } from './dead-letter-message';
import { type QueueKey, queueName } from './queues';

/**
 * Minimum visibility timeout. It grows to twice the time since the reading began, so that in a long queue a message that reappears is held for
 * longer, until all are held at once. After the timeout the messages of a killed command are visible again.
 */
const MIN_HOLD_SECONDS = 60;

/** SQS's maximum visibility timeout. */
const MAX_HOLD_SECONDS = 12 * 3_600;

/**
 * Calls in a row without a message from before the reading began, after which the queue counts as read: twenty with newer messages only, or two
 * empty ones. One empty response is not enough, since SQS samples its servers and may miss messages.
 */
const IDLE_RECEIVES = 20;
const EMPTY_WEIGHT = 10;

export type QueueMessage = ReturnType<typeof readFailureMessage>;

/** Milliseconds between arrival and first receipt, by SQS's clock because this machine's may be wrong. Infinity after an earlier receipt. */
function waitOf({ Attributes = {} }: Message): number {
  const { ApproximateReceiveCount, ApproximateFirstReceiveTimestamp, SentTimestamp } = Attributes;
  if (ApproximateReceiveCount !== '1') return Number.POSITIVE_INFINITY;
  return Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp);
}

/** A dead-letter queue. Messages that were read and not deleted are visible again when the reader is done. */
export class DeadLetterQueue {
  /** Receipt handles by message id. */
  private readonly held = new Map<string, string>();
  /** Set when a reading ended with fewer messages than the queue counted. */
  isPartlyRead = false;

  private constructor(
    private readonly sqs: SQSClient,
    readonly key: QueueKey,
    /** With the environment's suffix. */
    readonly name: string,
    private readonly url: string,
    /** Account and region. */
    readonly place: string,
  ) {}

  /** @throws QueueDoesNotExist when the stack was not found */
  static async open(key: QueueKey, target: Target): Promise<DeadLetterQueue> {
    const { sqs } = target;
    const name = target.name(queueName(key));
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const [, , , region = '', account = ''] = (Attributes?.['QueueArn'] ?? '').split(':');
    return new DeadLetterQueue(sqs, key, name, QueueUrl, `account ${account}, region ${region}`);
  }

  /**
   * Yields each message that was in the queue when the reading began. Newer ones are for the next run: they may be events that were just
   * redriven and failed again. Prints a note when the queue counted more messages than could be read.
   */
  async *messages({
    print,
    ending,
  }: {
    print: Pick<Print, 'note'>;
    ending: AbortSignal;
  }): AsyncGenerator<QueueMessage> {
    const { waiting, in_flight } = await this.count();
    const began = performance.now();
    const wasHere = new Map<string, boolean>();
    try {
      for (let idle = 0; idle < IDLE_RECEIVES && !ending.aborted; ) {
        const elapsed = performance.now() - began;
        const received = await this.receive(elapsed);
        const unseen = received.filter(({ message }) => !wasHere.has(message.messageId));
        for (const { message, waited } of unseen) wasHere.set(message.messageId, waited >= elapsed);
        if (received.some(({ message }) => wasHere.get(message.messageId))) idle = 0;
        else idle += received.length === 0 ? EMPTY_WEIGHT : 1;
        for (const { message } of unseen) {
          if (ending.aborted) break;
          if (wasHere.get(message.messageId)) yield message;
        }
      }
    } finally {
      await this.release();
    }
    if (wasHere.size < waiting + in_flight && !ending.aborted) {
      this.isPartlyRead = true;
      print.note(
        `${this.name} counted ${waiting + in_flight} messages, but only ${wasHere.size} could be read: another reader holds the others, or the count is late; try again later`,
      );
    }
  }

  /** Returns SQS's own count, which is up to a minute late. In flight are messages that were received and neither deleted nor released. */
  async count() {
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

  /** @param elapsed milliseconds since the reading began */
  private async receive(elapsed: number) {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: Math.min(Math.max(MIN_HOLD_SECONDS, Math.ceil(elapsed / 500)), MAX_HOLD_SECONDS),
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount', 'ApproximateFirstReceiveTimestamp'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages.map((received) => {
      const message = readFailureMessage(received);
      this.held.set(message.messageId, message.receiptHandle);
      return { message, waited: waitOf(received) };
    });
  }

  /** Makes the messages that were read and not deleted visible again. */
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
