/** Clients of AWS, replaced for a test file: every call is answered and finds nothing, but for what a test says. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';

export const db = mockClient(DynamoDBClient);
export const sqs = mockClient(SQSClient);
export const lambda = mockClient(LambdaClient);
export const bus = mockClient(EventBridgeClient);
export const metrics = mockClient(CloudWatchClient);

beforeEach(() => {
  db.reset().onAnyCommand().resolves({});
  sqs.reset().onAnyCommand().resolves({});
  lambda.reset().onAnyCommand().resolves({});
  bus.reset().onAnyCommand().resolves({});
  metrics.reset().onAnyCommand().resolves({});
});
