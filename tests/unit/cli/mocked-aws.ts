/** Clients of AWS, replaced for a test file: reads find nothing, and all else fails, but for what a test answers. */
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';

export const db = mockClient(DynamoDBClient);
export const sqs = mockClient(SQSClient);
export const lambda = mockClient(LambdaClient);
export const bus = mockClient(EventBridgeClient);
export const metrics = mockClient(CloudWatchClient);

const unanswered = (input: unknown): never => {
  throw new TypeError(`no answer to ${JSON.stringify(input)}`);
};

beforeEach(() => {
  db.reset().onAnyCommand().callsFake(unanswered);
  sqs.reset().onAnyCommand().callsFake(unanswered);
  lambda.reset().onAnyCommand().callsFake(unanswered);
  bus.reset().onAnyCommand().callsFake(unanswered);
  metrics.reset().onAnyCommand().callsFake(unanswered);
  db.on(GetItemCommand).resolves({}).on(QueryCommand).resolves({}).on(ScanCommand).resolves({});
  db.on(DescribeTableCommand).resolves({});
  bus.on(DescribeEventBusCommand).resolves({});
  sqs.on(GetQueueUrlCommand).resolves({}).on(GetQueueAttributesCommand).resolves({});
  sqs.on(ReceiveMessageCommand).resolves({}).on(ChangeMessageVisibilityBatchCommand).resolves({});
  metrics.on(GetMetricStatisticsCommand).resolves({});
});
