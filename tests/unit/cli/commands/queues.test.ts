import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { register } from '../../../../cli/commands/queues';
import { toAttributes } from '../../../../src/adapters/attributes';
import { failureGroupOf } from '../../../../src/domain/failure-group';
import { db, metrics, sqs } from '../mocked-aws';
import { jsonLines, run } from '../run';

beforeEach(() => {
  sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: QueueName }));
  sqs
    .on(GetQueueAttributesCommand, { QueueUrl: 'logistics-unrouted-prod' })
    .resolves({ Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '1' } });
});

const unrouted = async () => {
  const { stdout } = await run(register, 'queues', '--env', 'prod', '--json');
  return jsonLines(stdout).at(-1);
};

it('say how long the oldest waits, by the latest word of CloudWatch, and what to type on the same stack', async () => {
  const at = (minute: number, Maximum: number) => ({ Timestamp: new Date(Date.UTC(2026, 2, 1, 0, minute)), Maximum });
  metrics.on(GetMetricStatisticsCommand).resolves({ Datapoints: [at(2, 7_260), at(1, 7_200)] });

  expect(await unrouted()).toEqual({
    queue: 'unrouted',
    waiting: 3,
    in_flight: 1,
    oldest: '2h 1m',
    next: 'npx --no-install logistics queues unrouted --env prod --region us-east-1',
  });
});

it('leave open how long where CloudWatch has no word, or gives none', async () => {
  expect(await unrouted()).toMatchObject({ oldest: null });

  metrics.on(GetMetricStatisticsCommand).rejects(Object.assign(new Error('denied'), { $metadata: {} }));
  expect(await unrouted()).toMatchObject({ oldest: 'unknown', waiting: 3 });
});

it('say how often each message was redriven, and its group', async () => {
  const Body = JSON.stringify({ id: 'e-1', 'detail-type': 'Shipment Status Updated', detail: {} });
  const Messages = ['m-1', 'm-2'].map((id) => ({ MessageId: id, ReceiptHandle: id, Body }));
  sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages }).resolves({});
  const failure = { function_name: 'f', error_type: 'transient', error_message: 'throttled' };
  const Item = toAttributes({ ...failure, redrives: 2 });
  db.on(GetItemCommand).resolvesOnce({ Item }).resolves({});

  const { stdout } = await run(register, 'queues', 'status-updater', '--json');

  expect(jsonLines(stdout).map(({ redriven, group }) => [redriven, group])).toEqual([
    [2, failureGroupOf(failure).group],
    [0, null],
  ]);
});
