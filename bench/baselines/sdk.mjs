/** The plainest SDK code that makes the same calls: two clients, nothing validated, logged or measured. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { plainHandler } from './calls.mjs';
import { requestsOf } from './sdk-requests.mjs';

export const handler = plainHandler(requestsOf(new DynamoDBClient({}), new SNSClient({})));
