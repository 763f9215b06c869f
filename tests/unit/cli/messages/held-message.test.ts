/** A command about one message holds it until the work on it has ended. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { register as discard } from '../../../../cli/commands/discard';
import { run } from '../run';

const sqs = mockClient(SQSClient);
const db = mockClient(DynamoDBClient);

/** Names of the calls, in order. */
let calls: string[];

const MESSAGE = {
  MessageId: 'm-1',
  ReceiptHandle: 'handle',
  Body: JSON.stringify({ id: 'e', source: 'logistics.shipment', 'detail-type': 'Shipment Status Updated', detail: {} }),
};

beforeEach(() => {
  calls = [];
  sqs.reset();
  db.reset();
  const noted = (name: string) => async () => {
    // A call takes a while.
    await new Promise((resolve) => setImmediate(resolve));
    calls.push(name);
    return {};
  };
  sqs.onAnyCommand().resolves({});
  sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: QueueName }));
  sqs.on(ReceiveMessageCommand, { QueueUrl: 'logistics-status-updater-dlq-dev' }).resolves({ Messages: [MESSAGE] });
  sqs.on(DeleteMessageCommand).callsFake(noted('delete'));
  sqs.on(ChangeMessageVisibilityBatchCommand).callsFake(noted('release'));
  db.onAnyCommand().resolves({});
  db.on(UpdateItemCommand).callsFake(noted('record'));
});

it('discard takes the message out while it is held', async () => {
  await run(discard, 'discard', 'm-1', '--reason', 'test');

  expect(calls).toEqual(['record', 'delete']);
});
