import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listening } from '../../support/listening';

interface StubMessage {
  readonly id: string;
  readonly body: string;
  visibleAt: number;
}

export type StubStack = Awaited<ReturnType<typeof startStubStack>>;

/** The part of a stack that `queues`, `redrive`, `discard`, `repair` and `send` call: one queue with every name, and a bus that accepts all events. */
export async function startStubStack() {
  /** Messages of the queue, hidden or not. */
  const messages: StubMessage[] = [];
  /** Payloads of Lambda's invocations, as JSON. */
  const invoked: string[] = [];
  /** Details of the events on the bus. */
  const sent: string[] = [];

  function receive(max: number, seconds: number) {
    const now = Date.now();
    const found = messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, max);
    return found.map((message) => {
      message.visibleAt = now + seconds * 1_000;
      const { id, body } = message;
      return { MessageId: id, ReceiptHandle: id, Body: body, MD5OfBody: createHash('md5').update(body).digest('hex') };
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: inputs of all operations
  const operations: Readonly<Record<string, (input: any) => object>> = {
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `${endpoint}/1/${QueueName}` }),
    GetQueueAttributes: () => ({
      Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q', ApproximateNumberOfMessages: String(messages.length) },
    }),
    ReceiveMessage: ({ MaxNumberOfMessages = 1, VisibilityTimeout = 0 }) => ({
      Messages: receive(MaxNumberOfMessages, VisibilityTimeout),
    }),
    DeleteMessage({ ReceiptHandle }) {
      const place = messages.findIndex(({ id }) => id === ReceiptHandle);
      if (place >= 0) messages.splice(place, 1);
      return {};
    },
    ChangeMessageVisibilityBatch({ Entries }) {
      const handles = Entries.map(({ ReceiptHandle }: { ReceiptHandle: string }) => ReceiptHandle);
      for (const message of messages) if (handles.includes(message.id)) message.visibleAt = 0;
      return {};
    },
    DescribeEventBus: () => ({ Arn: 'arn:aws:events:us-east-1:1:event-bus/b' }),
    PutEvents({ Entries }) {
      sent.push(...Entries.map(({ Detail }: { Detail: string }) => Detail));
      return { Entries: Entries.map(() => ({ EventId: 'e' })) };
    },
  };

  const server = createServer(async (request, answer) => {
    const body = await text(request);
    if (request.url?.includes('/invocations')) {
      invoked.push(body);
      answer.writeHead(202).end();
      return;
    }
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    answer.end(JSON.stringify(operations[operation]?.(JSON.parse(body)) ?? {}));
  });
  const endpoint = await listening(server);

  return {
    endpoint,
    messages,
    invoked,
    sent,
    /** Puts records of failed invocations into the queue. */
    fill(count: number) {
      for (let place = 0; place < count; place += 1) {
        const body = `{"requestContext":{},"requestPayload":{"id":"envelope-${place}","detail":{}}}`;
        messages.push({ id: `m-${messages.length}`, body, visibleAt: 0 });
      }
    },
    /** Empties all lists. */
    clear() {
      for (const list of [messages, invoked, sent]) list.splice(0);
    },
  };
}
