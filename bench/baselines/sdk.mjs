/** The plainest SDK code for the same calls: two clients, without validation, logs or metrics. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { plainHandler } from './calls.mjs';
import { requestsOf } from './sdk-requests.mjs';

export const handler = plainHandler(requestsOf(new DynamoDBClient({}), new SNSClient({})));
