/** The plainest SDK code that makes the same calls: two clients, nothing validated, logged or measured. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { callsWith } from './calls.mjs';
import { requestsOf } from './sdk-requests.mjs';

const { record, tell } = callsWith(requestsOf(new DynamoDBClient({}), new SNSClient({})));

export const handler = async (event) => ({
  statusCode: 200,
  body: JSON.stringify(await (event.source === 'logistics.error' ? tell(event) : record(event))),
});
