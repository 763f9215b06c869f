import { toAttributes } from '../../../../src/adapters/attributes';
import { failureGroupOf } from '../../../../src/domain/failure-group';
import { answers, awsError, inTurn } from '../mocked-aws';
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
