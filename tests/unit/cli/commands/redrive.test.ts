import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { register } from '../../../../cli/commands/redrive';
import { jsonLines, run } from '../run';

const sqs = mockClient(SQSClient);
const lambda = mockClient(LambdaClient);
const db = mockClient(DynamoDBClient);

const messageOf = (id: string) => ({
  MessageId: id,
  ReceiptHandle: `handle of ${id}`,
  Body: JSON.stringify({ id, 'detail-type': 'Shipment Status Updated', detail: {} }),
});

beforeEach(() => {
  for (const client of [sqs, lambda, db]) client.reset();
  sqs.onAnyCommand().resolves({});
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: ['first', 'second', 'third'].map(messageOf) })
    .resolves({});
  db.onAnyCommand().resolves({});
});

const answer = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: {} });

const deleted = () => sqs.commandCalls(DeleteMessageCommand).map(({ args: [{ input }] }) => input.ReceiptHandle);

describe('redrive', () => {
  it.each(['RequestTooLargeException', 'SerializedRequestEntityTooLargeException', 'InvalidRequestContentException'])(
    'leaves an event that Lambda does not take (%s), and goes on',
    async (name) => {
      lambda
        .on(InvokeCommand)
        .resolvesOnce({ StatusCode: 202 })
        .rejectsOnce(answer(name, 'too large'))
        .resolves({ StatusCode: 202 });

      const { stdout, stderr, exitCode } = await run(register, 'redrive', 'status-updater', '--json');

      expect(jsonLines(stdout).map(({ message, outcome, reason }) => [message, outcome, reason])).toEqual([
        ['first', 'redriven', 'unknown'],
        ['second', 'refused', 'Lambda does not take it: too large'],
        ['third', 'redriven', 'unknown'],
      ]);
      expect(deleted()).toEqual(['handle of first', 'handle of third']);
      expect(stderr).toContain('2 redriven, 1 refused');
      expect(exitCode).toBe(1);
    },
  );

  describe('with events that would fail again', () => {
    beforeEach(() => {
      lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
      db.on(GetItemCommand)
        .resolvesOnce({ Item: { error_type: { S: 'rejected' } } })
        .resolvesOnce({ Item: { error_type: { S: 'conflict' } } })
        .resolves({ Item: { error_type: { S: 'transient' } } });
    });

    it.each([
      [[], ['handle of third'], '2 left, 1 redriven'],
      [['--dry-run'], [], '2 left, 1 would be redriven'],
    ])('leaves them and says why, what to do, and that it is not done (%j)', async (options, handles, counts) => {
      const { stdout, stderr, exitCode } = await run(register, 'redrive', 'status-updater', ...options, '--json');

      expect(
        jsonLines(stdout)
          .map(({ outcome }) => outcome)
          .slice(0, 2),
      ).toEqual(['left', 'left']);
      expect(deleted()).toEqual(handles);
      expect(stderr).toContain(`${counts}\nleft because they would fail again: 1 rejected, 1 conflict. Their producer`);
      expect(stderr).toContain('logistics discard {message} --reason');
      expect(stderr).toContain('logistics redrive status-updater --only rejected');
      expect(exitCode).toBe(1);
    });

    it.each([
      ['rejected', 'handle of first'],
      ['conflict', 'handle of second'],
      ['transient', 'handle of third'],
    ])('redrives only those that --only names: %s', async (type, handle) => {
      const { stderr, exitCode } = await run(register, 'redrive', 'status-updater', '--only', type);

      expect(deleted()).toEqual([handle]);
      expect(stderr).not.toContain('would fail again');
      expect(exitCode).toBeUndefined();
    });
  });

  it('ends at what Lambda would say of every event', async () => {
    lambda.on(InvokeCommand).rejects(answer('TooManyRequestsException', 'Rate exceeded'));

    await expect(run(register, 'redrive', 'status-updater')).rejects.toThrow('Rate exceeded');

    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(1);
    expect(deleted()).toEqual([]);
  });
});
