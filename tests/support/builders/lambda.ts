import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';

export const aContext = (remaining = 30_000, awsRequestId = 'request-1') =>
  ({ awsRequestId, getRemainingTimeInMillis: () => remaining }) as Context;

/** DynamoDB's error for a condition that does not hold, with the item that exists. */
export const conditionFailed = (Item?: Record<string, AttributeValue>) =>
  new ConditionalCheckFailedException({ message: 'no', $metadata: {}, ...(Item && { Item }) });
