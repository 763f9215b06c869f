import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { stopAfterTests } from '../../support/after-tests';

interface StubMessage {
  readonly id: string;
  readonly body: string;
  visibleAt: number;
}

/** As much of a stack as `queues`, `redrive`, `discard` and `send` use: one queue by every name, and a bus that takes everything. */
export interface StubStack {
  readonly endpoint: string;
  /** Messages of the queue, hidden or not. */
  readonly messages: StubMessage[];
  /** The events that Lambda was handed, as JSON. */
  readonly invoked: string[];
  /** The details that are on the bus. */
  readonly sent: string[];
  /** Puts events into the queue, as the function's own failures. */
  fill(count: number): void;
  /** Empties the queue, and forgets what came of it. */
  clear(): void;
}

export async function startStubStack(): Promise<StubStack> {
  const [messages, invoked, sent]: [StubMessage[], string[], string[]] = [[], [], []];

  function receive(max: number, seconds: number) {
    const now = Date.now();
    const found = messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, max);
    return found.map((message) => {
      message.visibleAt = now + seconds * 1_000;
      const { id, body } = message;
      return { MessageId: id, ReceiptHandle: id, Body: body, MD5OfBody: createHash('md5').update(body).digest('hex') };
    });
  }

  /** By the operation that a call names. */
  const operations: Readonly<Record<string, (input: Input) => object>> = {
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `${endpoint}/1/${QueueName}` }),
    GetQueueAttributes: () => ({
      Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q', ApproximateNumberOfMessages: String(messages.length) },
    }),
    ReceiveMessage: ({ MaxNumberOfMessages = 1, VisibilityTimeout = 0 }) => ({
      Messages: receive(MaxNumberOfMessages, VisibilityTimeout),
    }),
    // Every queue of the stub has the same messages: of those that find one, the first deletes it.
    DeleteMessage: ({ ReceiptHandle }) => {
      const place = messages.findIndex(({ id }) => id === ReceiptHandle);
      return place === -1 ? {} : messages.splice(place, 1);
    },
    ChangeMessageVisibilityBatch: ({ Entries = [] }) => {
      for (const message of messages)
        if (Entries.some(({ ReceiptHandle }) => ReceiptHandle === message.id)) message.visibleAt = 0;
      return {};
    },
    DescribeEventBus: () => ({ Arn: 'arn:aws:events:us-east-1:1:event-bus/b' }),
    PutEvents: ({ Entries = [] }) => {
      sent.push(...Entries.map(({ Detail = '' }) => Detail));
      return { Entries: Entries.map((_, place) => ({ EventId: `e-${place}` })) };
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
  stopAfterTests(async () => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    endpoint,
    messages,
    invoked,
    sent,
    fill(events) {
      for (let place = 0; place < events; place += 1) {
        const body = `{"requestContext":{},"requestPayload":{"id":"envelope-${place}","detail":{}}}`;
        messages.push({ id: `m-${messages.length}`, body, visibleAt: 0 });
      }
    },
    clear() {
      for (const list of [messages, invoked, sent]) list.splice(0);
    },
  };
}

interface Input {
  readonly QueueName?: string;
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly ReceiptHandle?: string;
  readonly Entries?: readonly { readonly ReceiptHandle?: string; readonly Detail?: string }[];
}
