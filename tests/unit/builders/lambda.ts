import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';

/** What the template gives the functions, all three together. */
export const FUNCTION_ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  ENVIRONMENT: 'dev',
  SHIPMENT_EVENTS_TABLE: 'events',
  SHIPMENTS_TABLE: 'shipments',
  ERROR_EVENTS_TABLE: 'errors',
  PROCESSING_TOPIC_ARN: 'arn:processing',
  ALERTS_TOPIC_ARN: 'arn:alerts',
  EVENT_BUS_NAME: 'bus',
  MAX_ATTEMPTS: '3',
};

/** Lambda's context of one invocation. */
export const aContext = (remaining = 30_000, awsRequestId = 'request-1') =>
  ({ awsRequestId, getRemainingTimeInMillis: () => remaining }) as Context;

/** DynamoDB's answer to a condition that does not hold, with the item that was there. */
export const conditionFailed = (Item?: Record<string, { S: string }>) =>
  new ConditionalCheckFailedException({ message: 'no', $metadata: {}, ...(Item && { Item }) });
