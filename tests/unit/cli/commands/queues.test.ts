import { toAttributes } from '../../../../src/adapters/attributes';
import { failureGroupOf } from '../../../../src/domain/failure-group';
import { answers, awsError, inputsOf, inTurn } from '../mocked-aws';
import { run } from '../run';

describe('the overview', () => {
  beforeEach(() => {
    answers['GetQueueUrl'] = ({ QueueName }) => ({ QueueUrl: QueueName });
    answers['GetQueueAttributes'] = ({ QueueUrl }) =>
      QueueUrl === 'logistics-unrouted-prod'
        ? { Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '1' } }
        : {};
  });

  const unrouted = async () => {
    const { rows } = await run('queues --env prod --json');
    return rows.at(-1);
  };

  it('shows the age of the oldest message by the latest datapoint, and the next command for the same stack', async () => {
    const at = (minute: number, Maximum: number) => ({ Timestamp: new Date(Date.UTC(2026, 2, 1, 0, minute)), Maximum });
    answers['GetMetricStatistics'] = { Datapoints: [at(2, 7_260), at(1, 7_200)] };

    expect(await unrouted()).toEqual({
      queue: 'unrouted',
      waiting: 3,
      in_flight: 1,
      oldest: '2h 1m',
      next: 'npx --no-install logistics queues unrouted --env prod --region us-east-1',
    });
  });

  it('shows no age when CloudWatch has no datapoint, and an unknown one when it refuses the call', async () => {
    expect(await unrouted()).toMatchObject({ oldest: null });

    answers['GetMetricStatistics'] = awsError('AccessDenied');
    expect(await unrouted()).toMatchObject({ oldest: 'unknown', waiting: 3 });
  });
});

it('shows how often each message was redriven, and its failure group', async () => {
  const Body = JSON.stringify({ id: 'e-1', 'detail-type': 'Shipment Status Updated', detail: {} });
  const Messages = ['m-1', 'm-2'].map((id) => ({ MessageId: id, ReceiptHandle: id, Body }));
  answers['ReceiveMessage'] = inTurn({ Messages }, {});
  const failure = { function_name: 'f', error_type: 'transient', error_message: 'throttled' };
  answers['GetItem'] = inTurn({ Item: toAttributes({ ...failure, redrives: 2 }) }, {});

  const { rows } = await run('queues status-updater --json');

  expect(rows.map(({ redriven, group }) => [redriven, group])).toEqual([
    [2, failureGroupOf(failure).group],
    [0, null],
  ]);
});

/** Reading a dead-letter queue of any length, on fake clocks: each receive takes 0.3 s, and the clock of SQS differs from this machine's. */
describe('reading', () => {
  const RECEIVE_MS = 300;

  /** Milliseconds since the test began. */
  let now: number;

  /** Start of the test by the clock of SQS, epoch milliseconds. */
  const SQS_BEGAN = Date.UTC(2026, 2, 1);

  beforeEach(() => {
    now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });

  /** A queue that returns its oldest messages first and honours visibility timeouts. `arriving` messages arrive after each receive. */
  function aQueue(length: number, { inFlight = 0, arriving = 0 } = {}) {
    const aMessage = (id: string, sentAt: number) => ({ id, sentAt, visibleAt: sentAt, receives: 0 });
    const messages = Array.from({ length }, (_, index) => aMessage(`m-${index}`, -1));
    answers['GetQueueAttributes'] = {
      Attributes: {
        ApproximateNumberOfMessages: String(length),
        ApproximateNumberOfMessagesNotVisible: String(inFlight),
      },
    };
    answers['ReceiveMessage'] = ({ VisibilityTimeout }) => {
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
    };
    return messages;
  }

  const readQueue = async () => {
    const { rows, stderr } = await run('queues status-updater --json');
    return { ids: rows.map(({ message }) => message), stderr };
  };

  it.each([0, 7, 3_000])(
    'reads each of %d messages once, and hides them for a minute or at most twice as long as that takes',
    async (length) => {
      aQueue(length);

      const { ids, stderr } = await readQueue();

      expect(new Set(ids).size).toBe(length);
      expect(ids).toHaveLength(length);
      expect(stderr).not.toContain('counted');
      const seconds = Math.ceil(now / 1_000);
      const timeouts = inputsOf('ReceiveMessage').map(({ VisibilityTimeout }) => VisibilityTimeout);
      expect(timeouts[0]).toBe(60);
      expect(seconds).toBeLessThan(150);
      expect(Math.max(...timeouts)).toBeLessThanOrEqual(Math.max(60, 2 * seconds));
    },
  );

  it('reads messages that were received before, and makes all of them visible again', async () => {
    const messages = aQueue(25);
    for (const message of messages) message.receives = 1;

    expect((await readQueue()).ids).toHaveLength(25);

    const released = inputsOf('ChangeMessageVisibilityBatch').flatMap(({ Entries }) => Entries);
    expect(released.map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual(Array(25).fill(0));
  });

  it('leaves messages that arrive while it reads, even without end', async () => {
    aQueue(25, { arriving: 10 });

    expect((await readQueue()).ids).toEqual(Array.from({ length: 25 }, (_, index) => `m-${index}`));
  });

  it('reports that another reader hides messages when SQS counts more than it could read', async () => {
    aQueue(2, { inFlight: 3 });

    expect((await readQueue()).stderr).toContain('counted 5 messages, but only 2 could be read: another reader holds');
  });
});
