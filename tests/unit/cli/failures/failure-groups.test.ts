import { DynamoDBClient, GetItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { register as discard } from '../../../../cli/commands/discard';
import { register as errors } from '../../../../cli/commands/errors';
import { register as queues } from '../../../../cli/commands/queues';
import { register as redrive } from '../../../../cli/commands/redrive';
import { toAttributes } from '../../../../src/adapters/attributes';
import { failureGroupOf } from '../../../../src/domain/failure-group';
import { jsonLines, run } from '../run';

const db = mockClient(DynamoDBClient);
const sqs = mockClient(SQSClient);
const lambda = mockClient(LambdaClient);

const UPDATER = 'logistics-status-updater-dev';

const failure = (n: number, error_message: string, more: Record<string, string> = {}) => ({
  error_id: `${UPDATER}/e-${n}`,
  function_name: UPDATER,
  error_type: 'transient',
  error_message,
  last_seen_at: `2026-03-0${1 + (n % 9)}T00:00:00.000Z`,
  ...more,
});

const THROTTLED = failureGroupOf(failure(0, 'the table is throttled (0)')).group;

beforeEach(() => {
  for (const client of [db, sqs, lambda]) client.reset();
  db.onAnyCommand().resolves({});
});

describe('errors --group', () => {
  const scanned = (rows: readonly object[]) =>
    db.on(ScanCommand).resolves({ Items: rows.map((row) => toAttributes({ ...row })) });

  it('counts failures by cause, the largest first, with when and the latest example', async () => {
    scanned([
      failure(0, 'the topic is gone'),
      failure(3, 'the table is throttled (3)', { first_seen_at: '2026-02-01T00:00:00.000Z' }),
      failure(5, 'the table is throttled (5)', { discarded_at: '2026-03-07T00:00:00.000Z' }),
      failure(4, 'the table is throttled (4)'),
    ]);

    const { stdout, stderr } = await run(errors, 'errors', '--group', '--json');

    expect(jsonLines(stdout)).toEqual([
      {
        group: THROTTLED,
        failures: 3,
        discarded: 1,
        error_type: 'transient',
        function_name: UPDATER,
        first_seen_at: '2026-02-01T00:00:00.000Z',
        last_seen_at: '2026-03-06T00:00:00.000Z',
        error_id: `${UPDATER}/e-5`,
        shape: 'the table is throttled (…)',
      },
      expect.objectContaining({ failures: 1, shape: 'the topic is gone' }),
    ]);
    expect(stderr).toContain('redrive --group {group} --dry-run');
  });

  it('keeps of ten thousand rows, each with a message of its own, a thousand groups and says how many are left out', async () => {
    const word = (n: number) => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    scanned(Array.from({ length: 10_000 }, (_, n) => failure(n, `cause ${word(n)}`)));

    const { stdout, stderr } = await run(errors, 'errors', '--group', '--json');

    expect(jsonLines(stdout)).toHaveLength(1_000);
    expect(stderr).toContain('9000 more, of causes beyond 1000');
  });

  it('shows the rest of a list that it counts: --since and --type narrow both', async () => {
    scanned([failure(0, 'old'), failure(8, 'new')]);

    const { stdout } = await run(errors, 'errors', '--group', '--since', '2026-03-05T00:00:00Z', '--json');

    expect(jsonLines(stdout).map(({ shape }) => shape)).toEqual(['new']);
  });
});

describe('the messages of a group', () => {
  beforeEach(() => {
    sqs.onAnyCommand().resolves({});
    sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: QueueName }));
    const messageOf = (id: string) => ({
      MessageId: id,
      ReceiptHandle: `handle of ${id}`,
      Body: JSON.stringify({ id, 'detail-type': 'Shipment Status Updated', detail: {} }),
    });
    sqs
      .on(ReceiveMessageCommand, { QueueUrl: 'logistics-status-updater-dlq-dev' })
      .resolvesOnce({ Messages: ['e-1', 'e-2', 'e-3'].map(messageOf) })
      .resolves({});
    const row = (message: string) => ({ Item: toAttributes(failure(0, message)) });
    db.on(GetItemCommand)
      .resolvesOnce(row('the table is throttled (17)'))
      .resolvesOnce(row('the topic is gone'))
      .resolvesOnce({});
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  });

  const deleted = () => sqs.commandCalls(DeleteMessageCommand).map(({ args: [{ input }] }) => input.ReceiptHandle);
  const writes = () => db.commandCalls(UpdateItemCommand).map(({ args: [{ input }] }) => input);

  it('are redriven alone, whichever queue has them, and each redrive is counted on its row', async () => {
    const { stdout, stderr, exitCode } = await run(redrive, 'redrive', '--group', THROTTLED, '--json');

    expect(jsonLines(stdout).map(({ message, outcome }) => [message, outcome])).toEqual([['e-1', 'redriven']]);
    expect(stderr).toContain('1 redriven, 2 left');
    expect(exitCode).toBeUndefined();
    expect(deleted()).toEqual(['handle of e-1']);
    expect(writes()).toEqual([
      expect.objectContaining({
        Key: toAttributes({ error_id: `${UPDATER}/e-1`, timestamp: 0 }),
        UpdateExpression: expect.stringMatching(/ ADD #redrives :one$/),
      }),
    ]);
  });

  it('are shown and left by a dry run', async () => {
    const { stdout } = await run(redrive, 'redrive', '--group', THROTTLED, '--dry-run', '--json');

    expect(jsonLines(stdout).map(({ outcome }) => outcome)).toEqual(['would be redriven']);
    expect([...deleted(), ...writes()]).toEqual([]);
  });

  it('are discarded alone, each with the reason on its row', async () => {
    const { stdout, stderr, exitCode } = await run(
      discard,
      'discard',
      '--group',
      THROTTLED,
      '--reason',
      'seen',
      '--json',
    );

    expect(jsonLines(stdout)).toEqual([expect.objectContaining({ message: 'e-1', error_id: `${UPDATER}/e-1` })]);
    expect(stderr).toContain('1 discarded\n');
    expect(exitCode).toBeUndefined();
    expect(deleted()).toEqual(['handle of e-1']);
    expect(writes()[0]?.ExpressionAttributeValues?.[':discard_reason']).toEqual({ S: 'seen' });
  });

  it.each([
    [redrive, ['redrive', '--group', '0123456789ab']],
    [discard, ['discard', '--group', '0123456789ab', '--reason', 'x']],
  ])('are missed when there are none', async (register, args) => {
    await expect(run(register, ...args)).rejects.toThrow(
      'no queue has an event of the group 0123456789ab: `npx --no-install logistics errors --group --region us-east-1`',
    );
    expect([...deleted(), ...writes()]).toEqual([]);
  });

  it.each([
    [redrive, ['redrive'], 'give a function or --group'],
    [discard, ['discard', '--reason', 'x'], 'give a message or --group, one of the two'],
    [discard, ['discard', 'm', '--group', THROTTLED, '--reason', 'x'], 'give a message or --group, one of the two'],
  ])('are asked for by a command that says of what: %#', async (register, args, message) => {
    await expect(run(register, ...args)).rejects.toThrow(message);
  });
});

it('queues say how often each message was redriven, and its group', async () => {
  sqs.onAnyCommand().resolves({});
  const Body = JSON.stringify({ id: 'e-1', 'detail-type': 'Shipment Status Updated', detail: {} });
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: ['m-1', 'm-2'].map((MessageId) => ({ MessageId, ReceiptHandle: MessageId, Body })) })
    .resolves({});
  db.on(GetItemCommand)
    .resolvesOnce({ Item: toAttributes({ ...failure(0, 'the table is throttled (1)'), redrives: 2 }) })
    .resolves({});

  const { stdout } = await run(queues, 'queues', 'status-updater', '--json');

  expect(jsonLines(stdout).map(({ redriven, group }) => [redriven, group])).toEqual([
    [2, THROTTLED],
    [0, null],
  ]);
});
