import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { register } from '../../../../cli/commands/queues';
import { jsonLines, run } from '../run';

const metrics = mockClient(CloudWatchClient);
const sqs = mockClient(SQSClient);

beforeEach(() => {
  for (const client of [metrics, sqs]) client.reset();
  sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: `https://sqs/${QueueName}` }));
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '0' } });
  sqs
    .on(GetQueueAttributesCommand, {
      QueueUrl: 'https://sqs/logistics-unrouted-prod',
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    })
    .resolves({ Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '1' } });
});

const unrouted = async () => {
  const { stdout } = await run(register, 'queues', '--env', 'prod', '--json');
  return jsonLines(stdout).at(-1);
};

describe('queues', () => {
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
    metrics.on(GetMetricStatisticsCommand).resolvesOnce({ Datapoints: [] });
    expect(await unrouted()).toMatchObject({ oldest: null });

    metrics.on(GetMetricStatisticsCommand).rejects(Object.assign(new Error('denied'), { $metadata: {} }));
    expect(await unrouted()).toMatchObject({ oldest: 'unknown', waiting: 3 });
  });
});
