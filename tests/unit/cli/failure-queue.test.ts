/** Reading a failure queue of any length, on a clock of its own: each receive takes 0.3 s. */
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { register } from '../../../cli/commands/queues';
import { jsonLines, run } from './run';

const RECEIVE_MS = 300;

const sqs = mockClient(SQSClient);

let now: number;

beforeEach(() => {
  now = Date.UTC(2026, 2, 1);
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  sqs.reset();
  sqs.onAnyCommand().resolves({});
});

afterEach(() => jest.restoreAllMocks());

/** A queue that hides what it hands out for as long as it is asked to, and hands out the oldest first. */
function aQueue(length: number, inFlight = 0) {
  const messages = Array.from({ length }, (_, index) => ({ id: `m-${index}`, visibleAt: 0 }));
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
    return { Messages: received.map(({ id }) => ({ MessageId: id, ReceiptHandle: id, Body: '{}' })) };
  });
}

const shown = async () => {
  const { stdout, stderr } = await run(register, 'queues', 'status-updater', '--json');
  return { ids: jsonLines(stdout).map(({ message }) => message), stderr };
};

describe('a failure queue', () => {
  it.each([0, 7, 1_500, 3_000, 10_000])('of %d messages is read to its end, each message once', async (length) => {
    aQueue(length);

    const { ids, stderr } = await shown();

    expect(new Set(ids).size).toBe(length);
    expect(ids).toHaveLength(length);
    expect(stderr).not.toContain('counted');
  });

  it('hides nothing for longer than a minute, or twice as long as the reading took', async () => {
    aQueue(3_000);
    const began = now;

    await shown();

    const took = Math.ceil((now - began) / 1_000);
    const holds = sqs.commandCalls(ReceiveMessageCommand).map(({ args }) => args[0].input.VisibilityTimeout ?? 0);
    expect(holds[0]).toBe(60);
    expect(took).toBeLessThan(150);
    expect(Math.max(...holds)).toBeLessThanOrEqual(2 * took);
  });

  it('lets all that it has shown be seen again', async () => {
    aQueue(25);

    await shown();

    const released = sqs
      .commandCalls(ChangeMessageVisibilityBatchCommand)
      .flatMap(({ args }) => args[0].input.Entries ?? []);
    expect(released.map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual(Array.from({ length: 25 }, () => 0));
  });

  it('says when it counts more than can be read', async () => {
    aQueue(2, 3);

    expect((await shown()).stderr).toContain(
      'counted 5 messages, and 2 were to be read: the others are hidden by whoever',
    );
  });
});
