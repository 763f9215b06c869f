/** What a command that ends early suggests to go on with does no more than what was asked for. */
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { register as correct } from '../../../../cli/commands/correct';
import { register as redact } from '../../../../cli/commands/redact';
import { register as redrive } from '../../../../cli/commands/redrive';
import { finishFirst } from '../../../../cli/terminal/ending';
import { toAttributes } from '../../../../src/adapters/attributes';
import { run } from '../run';

jest.mock('../../../../cli/terminal/ending');

const [db, sqs, lambda, bus] = [
  mockClient(DynamoDBClient),
  mockClient(SQSClient),
  mockClient(LambdaClient),
  mockClient(EventBridgeClient),
];

let ending: AbortController;

beforeEach(() => {
  ending = new AbortController();
  jest.mocked(finishFirst).mockReset().mockReturnValue(ending.signal);
  for (const client of [db, sqs, lambda, bus]) client.reset();
  db.onAnyCommand().resolves({});
  sqs.onAnyCommand().resolves({});
  bus.onAnyCommand().resolves({});
});

it.each([
  [['SHP-1', '--dry-run'], 'redact SHP-1 --dry-run'],
  [['SHP-1'], 'redact SHP-1'],
  [['--event', 'e-1', '--dry-run'], 'redact --event e-1 --dry-run'],
])('redact %j goes on with %s', async (args, again) => {
  db.on(QueryCommand).callsFake(() => {
    ending.abort();
    return { Items: [toAttributes({ event_id: 'e-1', timestamp: 1, shipment_id: 'SHP-1', metadata: {} })] };
  });

  const { stderr, exitCode } = await run(redact, 'redact', ...args);

  expect(stderr).toMatch(new RegExp(`ended early: npx --no-install logistics ${again} --region us-east-1\n$`));
  expect(exitCode).toBe(1);
});

it('redact is not done while messages may be about its shipment that it could not read', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' },
  });

  const { stderr, exitCode } = await run(redact, 'redact', 'SHP-1');

  expect(stderr).toContain('messages that could not be read may be about it: npx --no-install logistics redact SHP-1 ');
  expect(exitCode).toBe(1);
});

describe('redrive', () => {
  const messages = ['first', 'second', 'third'].map((id) => ({
    MessageId: id,
    ReceiptHandle: id,
    Body: JSON.stringify({ id, 'detail-type': 'Shipment Status Updated', detail: {} }),
  }));

  beforeEach(() => {
    sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages: messages });
    lambda.on(InvokeCommand).callsFake(() => {
      ending.abort();
      return { StatusCode: 202 };
    });
  });

  it.each([
    [['--max', '3'], 'redrive status-updater --max 2'],
    [['--max', '3', '--only', 'transient'], 'redrive status-updater --only transient --max 2'],
    [[], 'redrive status-updater'],
  ])('%j goes on with %s', async (args, again) => {
    const { stderr, exitCode } = await run(redrive, 'redrive', 'status-updater', ...args);

    expect(stderr).toContain(`in the queue again: npx --no-install logistics ${again} --region us-east-1\n`);
    expect(exitCode).toBe(1);
  });

  it('is done after --max events', async () => {
    const { stderr, exitCode } = await run(redrive, 'redrive', 'status-updater', '--max', '1');

    expect(stderr).toMatch(/\n1 redriven\n$/);
    expect(exitCode).toBeUndefined();
  });
});

it('correct that suggests another correction repeats how it was asked to be made', async () => {
  const event = { event_id: 'later', timestamp: Date.now() + 600_000, shipment_id: 'SHP-1', status: 'delivered' };
  db.on(QueryCommand).resolves({ Items: [toAttributes(event)] });

  const given = ['--reason', 'lost', '--by', 'desk 2', '--quiet', '--dry-run'];
  await expect(run(correct, 'correct', 'SHP-1', '--status', 'pending', ...given)).rejects.toThrow(
    "correct SHP-1 --void later --reason lost --by 'desk 2' --quiet --dry-run",
  );
});

describe('correct', () => {
  const event = toAttributes({ event_id: 'e-1', timestamp: 1_000, shipment_id: 'SHP-1', status: 'delivered' });
  const type = () => run(correct, 'correct', 'SHP-1', '--status', 'pending', '--reason', 'lost');

  it('sends nothing when it is to end before that', async () => {
    db.on(QueryCommand).callsFake(() => {
      ending.abort();
      return { Items: [event] };
    });

    await expect(type()).rejects.toThrow('nothing was sent');

    expect(bus.commandCalls(PutEventsCommand)).toEqual([]);
  });

  it('says what came of it when it is to end after that', async () => {
    db.on(QueryCommand).resolves({ Items: [event] });
    bus.on(PutEventsCommand).callsFake(() => {
      ending.abort();
      db.on(GetItemCommand).resolves({ Item: { ...event, version: { S: '3' } } });
      return { Entries: [{ EventId: 'id' }] };
    });

    const { stderr, exitCode } = await type();

    expect(stderr).toMatch(/\nthe correction is on record\n$/);
    expect(exitCode).toBeUndefined();
    expect(finishFirst).toHaveBeenCalled();
  });
});
