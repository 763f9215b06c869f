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
import { type FailureMessage, readFailureMessage, type UnreadableMessage } from './dead-letter-message';
import { type QueueKey, queueName } from './queues';

/**
 * A received message is hidden from others at least this long, or twice as long as the reading has gone on: of a long queue, what
 * comes back before all was seen is held for longer, until all is held at once. A command that is killed leaves it to come back by itself.
 */
const MIN_HOLD_SECONDS = 60;

/** SQS hides no message for longer. */
const MAX_HOLD_SECONDS = 12 * 3_600;

/**
 * Receives in a row that bring nothing which was here when the reading began, before the queue counts as read: two empty ones, since an
 * answer samples the servers and may miss messages, or twenty of newer messages, which may come without end.
 */
const IDLE_RECEIVES = 20;
const EMPTY_WEIGHT = 10;

export type QueueMessage = FailureMessage | UnreadableMessage;

/**
 * Milliseconds that a message lay in the queue before it was received the first time, by SQS's clock alone: this machine's may be wrong.
 * One that was received before has been here for longer than can be known.
 */
function waitOf({ Attributes = {} }: Message): number {
  const { ApproximateReceiveCount, ApproximateFirstReceiveTimestamp, SentTimestamp } = Attributes;
  if (ApproximateReceiveCount !== '1') return Number.POSITIVE_INFINITY;
  return Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp);
}

/** How full a queue is. */
export interface QueueCount {
  readonly waiting: number;
  /** Received and neither deleted nor released. */
  readonly in_flight: number;
}

/** Whom a reading tells, and what ends it. */
interface Reading {
  readonly print: Pick<Print, 'note'>;
  readonly ending: AbortSignal;
}

/** One dead-letter queue, read without losing anything: what is not deleted is visible again when the reader is done. */
export class DeadLetterQueue {
  private readonly held = new Map<string, string>();
  /** Set when a reading ended with fewer messages than the queue counted. */
  isPartlyRead = false;

  private constructor(
    private readonly sqs: SQSClient,
    readonly key: QueueKey,
    /** With the environment. */
    readonly name: string,
    private readonly url: string,
    /** Account and region, as an operator reads them. */
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
   * Each message that was here when the reading began; what arrives meanwhile may be an event that was just redriven and failed again,
   * and is left for the next run. Ends when it is asked to. Says when the queue counted more than could be read.
   */
  async *messages({ print, ending }: Reading): AsyncGenerator<QueueMessage> {
    const { waiting, in_flight } = await this.count();
    const began = performance.now();
    const wasHere = new Map<string, boolean>();
    try {
      for (let idle = 0; idle < IDLE_RECEIVES && !ending.aborted; ) {
        const elapsed = performance.now() - began;
        const received = await this.receive(elapsed);
        const unknown = received.filter(({ message }) => !wasHere.has(message.messageId));
        for (const { message, waited } of unknown) wasHere.set(message.messageId, waited >= elapsed);
        if (received.some(({ message }) => wasHere.get(message.messageId))) idle = 0;
        else idle += received.length === 0 ? EMPTY_WEIGHT : 1;
        for (const { message } of unknown) {
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
        `${this.name} counted ${waiting + in_flight} messages, and ${wasHere.size} were to be read: another reader has received the others, or its count was late; try again later`,
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
