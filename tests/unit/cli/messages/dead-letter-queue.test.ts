/** Reading a dead-letter queue of any length, on clocks of its own: each receive takes 0.3 s, and SQS's clock is not this machine's. */
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { register } from '../../../../cli/commands/queues';
import { sqs } from '../mocked-aws';
import { jsonLines, run } from '../run';

const RECEIVE_MS = 300;

/** Milliseconds since the test began. */
let now: number;

/** Epoch milliseconds by SQS's clock when the test began. */
const SQS_BEGAN = Date.UTC(2026, 2, 1);

beforeEach(() => {
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => jest.restoreAllMocks());

/**
 * A queue that hides what it hands out for as long as it is asked to, and hands out the oldest first; after each receive, so many messages
 * arrive.
 */
function aQueue(length: number, { inFlight = 0, arriving = 0 } = {}) {
  const aMessage = (id: string, sentAt: number) => ({ id, sentAt, visibleAt: sentAt, receives: 0 });
  const messages = Array.from({ length }, (_, index) => aMessage(`m-${index}`, -1));
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: {
      ApproximateNumberOfMessages: String(length),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
    },
  });
  sqs.on(ReceiveMessageCommand).callsFake(({ VisibilityTimeout }) => {
    now += RECEIVE_MS;
    const received = messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, 10);
    for (const message of received) message.visibleAt = now + VisibilityTimeout * 1_000;
    for (let count = 0; count < arriving; count += 1)
      messages.push(aMessage(`new-${now}-${count}`, now + RECEIVE_MS - 10));
    return {
      Messages: received.map((message) => {
        message.receives += 1;
        const Attributes = {
          SentTimestamp: String(SQS_BEGAN + message.sentAt),
          ApproximateReceiveCount: String(message.receives),
          ApproximateFirstReceiveTimestamp: String(message.receives === 1 ? SQS_BEGAN + now : 0),
        };
        return { MessageId: message.id, ReceiptHandle: message.id, Body: '{}', Attributes };
      }),
    };
  });
  return messages;
}

const shown = async () => {
  const { stdout, stderr } = await run(register, 'queues', 'status-updater', '--json');
  return { ids: jsonLines(stdout).map(({ message }) => message), stderr };
};

describe('a dead-letter queue', () => {
  it.each([0, 7, 10_000])('of %d messages is read to its end, each message once', async (length) => {
    aQueue(length);

    const { ids, stderr } = await shown();

    expect(new Set(ids).size).toBe(length);
    expect(ids).toHaveLength(length);
    expect(stderr).not.toContain('counted');
  });

  it('hides nothing for longer than a minute, or twice as long as the reading took', async () => {
    aQueue(3_000);

    await shown();

    const took = Math.ceil(now / 1_000);
    const holds = sqs.commandCalls(ReceiveMessageCommand).map(({ args }) => args[0].input.VisibilityTimeout ?? 0);
    expect(holds[0]).toBe(60);
    expect(took).toBeLessThan(150);
    expect(Math.max(...holds)).toBeLessThanOrEqual(2 * took);
  });

  it('shows what was received before, however long ago it came, and lets all be seen again', async () => {
    const messages = aQueue(25);
    for (const message of messages) message.receives = 1;

    expect((await shown()).ids).toHaveLength(25);

    const released = sqs
      .commandCalls(ChangeMessageVisibilityBatchCommand)
      .flatMap(({ args }) => args[0].input.Entries ?? []);
    expect(released.map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual(Array.from({ length: 25 }, () => 0));
  });

  it('leaves what arrives while it is read, even without end', async () => {
    aQueue(25, { arriving: 10 });

    expect((await shown()).ids).toEqual(Array.from({ length: 25 }, (_, index) => `m-${index}`));
  });

  it('says when it counts more than can be read', async () => {
    aQueue(2, { inFlight: 3 });

    expect((await shown()).stderr).toContain('counted 5 messages, but only 2 could be read: another reader holds');
  });
});
