/** Messages of a dead-letter queue that are redriven or discarded: which of them, and what is said when some are left. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { register as discard } from '../../../../cli/commands/discard';
import { register as redrive } from '../../../../cli/commands/redrive';
import { finishFirst } from '../../../../cli/terminal/ending';
import { toAttributes } from '../../../../src/adapters/attributes';
import { failureGroupOf } from '../../../../src/domain/failure-group';
import { db, lambda, sqs } from '../mocked-aws';
import { jsonLines, run } from '../run';

jest.mock('../../../../cli/terminal/ending');

const UPDATER = 'logistics-status-updater-dev';

const failure = (error_type: string, error_message: string) => ({ function_name: UPDATER, error_type, error_message });

const REJECTED = failure('rejected', 'row 17 is wrong');
const GROUP = failureGroupOf(failure('rejected', 'row 4 is wrong')).group;

let ending: AbortController;

/** What is done to a message and its row, in order. */
let calls: string[];

beforeEach(() => {
  ending = new AbortController();
  calls = [];
  jest.mocked(finishFirst).mockReturnValue(ending.signal);
  sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: QueueName }));
  sqs
    .on(ReceiveMessageCommand, { QueueUrl: 'logistics-status-updater-dlq-dev' })
    .resolvesOnce({
      Messages: ['first', 'second', 'third'].map((id) => ({
        MessageId: id,
        ReceiptHandle: id,
        Body: JSON.stringify({ id, 'detail-type': 'Shipment Status Updated', detail: {} }),
      })),
    })
    .resolves({});
  db.on(GetItemCommand)
    .resolvesOnce({ Item: toAttributes(REJECTED) })
    .resolvesOnce({ Item: toAttributes(failure('conflict', 'it is on record')) })
    .resolvesOnce({});
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  // Each takes a while.
  const noted = (name: string) => async (input: { ReceiptHandle?: string }) => {
    await new Promise(setImmediate);
    calls.push([name, input.ReceiptHandle].filter(Boolean).join(' '));
    return {};
  };
  sqs.on(DeleteMessageCommand).callsFake(noted('delete'));
  sqs.on(ChangeMessageVisibilityBatchCommand).callsFake(noted('release'));
  db.on(UpdateItemCommand).callsFake(noted('record'));
});

const deleted = () => sqs.commandCalls(DeleteMessageCommand).map(({ args: [{ input }] }) => input.ReceiptHandle);
const writes = () => db.commandCalls(UpdateItemCommand).map(({ args: [{ input }] }) => input);

/** Has the error table say nothing against any of the messages. */
const recoverable = () => db.reset().onAnyCommand().resolves({});

const lambdaError = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: {} });

describe('redrive', () => {
  it.each([
    ['status-updater', ['third'], '2 left, 1 redriven', 1],
    ['status-updater --dry-run', [], '2 left, 1 would be redriven', 1],
    ['status-updater --only rejected', ['first'], '1 redriven, 2 left', undefined],
    ['status-updater --only conflict', ['second'], '2 left, 1 redriven', undefined],
    ['status-updater --only transient', ['third'], '2 left, 1 redriven', undefined],
    [`--group ${GROUP}`, ['first'], '1 redriven, 2 left', undefined],
    [`--group ${GROUP} --dry-run`, [], '1 would be redriven, 2 left', undefined],
  ])('%s takes %j out of the queue', async (line, handles, counts, code) => {
    const { stderr, exitCode } = await run(redrive, 'redrive', ...line.split(' '));

    expect(deleted()).toEqual(handles);
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(handles.length);
    expect(writes()).toHaveLength(handles.length);
    expect(stderr).toContain(`${counts}\n`);
    expect(stderr.includes('would fail again')).toBe(code === 1);
    expect(exitCode).toBe(code);
  });

  it('says what to do with events that would fail again', async () => {
    const { stderr } = await run(redrive, 'redrive', 'status-updater');

    expect(stderr).toContain('left because they would fail again: 1 rejected, 1 conflict. Their producer');
    expect(stderr).toContain('logistics discard {message} --reason');
    expect(stderr).toContain('logistics redrive status-updater --only rejected');
  });

  it('of a group shows no others, and counts each redrive on its row', async () => {
    const { stdout } = await run(redrive, 'redrive', '--group', GROUP, '--json');

    expect(jsonLines(stdout).map(({ message, outcome }) => [message, outcome])).toEqual([['first', 'redriven']]);
    expect(writes()).toEqual([
      expect.objectContaining({
        Key: toAttributes({ error_id: `${UPDATER}/first`, timestamp: 0 }),
        UpdateExpression: expect.stringMatching(/ ADD #redrives :one$/),
      }),
    ]);
  });

  it.each(['RequestTooLargeException', 'SerializedRequestEntityTooLargeException', 'InvalidRequestContentException'])(
    'leaves an event that Lambda does not take (%s), and goes on',
    async (name) => {
      recoverable();
      lambda.on(InvokeCommand).rejectsOnce(lambdaError(name, 'too large')).resolves({ StatusCode: 202 });

      const { stdout, stderr, exitCode } = await run(redrive, 'redrive', 'status-updater', '--json');

      expect(jsonLines(stdout).map(({ outcome, reason }) => `${outcome}: ${reason}`)).toEqual([
        'refused: Lambda does not take it: too large',
        'redriven: unknown',
        'redriven: unknown',
      ]);
      expect(deleted()).toEqual(['second', 'third']);
      expect(stderr).toContain('1 refused, 2 redriven');
      expect(exitCode).toBe(1);
    },
  );

  it('ends at what Lambda would say of every event', async () => {
    recoverable();
    lambda.on(InvokeCommand).rejects(lambdaError('TooManyRequestsException', 'Rate exceeded'));

    await expect(run(redrive, 'redrive', 'status-updater')).rejects.toThrow('Rate exceeded');

    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(1);
    expect(deleted()).toEqual([]);
  });

  it('is done after --max events', async () => {
    recoverable();

    const { stderr, exitCode } = await run(redrive, 'redrive', 'status-updater', '--max', '1');

    expect(stderr).toMatch(/\n1 redriven\n$/);
    expect(exitCode).toBeUndefined();
  });

  it.each([
    ['status-updater --max 3', 'status-updater --max 2'],
    ['status-updater --max 3 --only transient', 'status-updater --only transient --max 2'],
    ['status-updater', 'status-updater'],
  ])('%s that ends after one event goes on with %s', async (line, again) => {
    recoverable();
    lambda.on(InvokeCommand).callsFake(() => {
      ending.abort();
      return { StatusCode: 202 };
    });

    const { stderr, exitCode } = await run(redrive, 'redrive', ...line.split(' '));

    expect(stderr).toContain(`in the queue again: npx --no-install logistics redrive ${again} --region us-east-1\n`);
    expect(exitCode).toBe(1);
  });
});

describe('discard', () => {
  it('takes a message out while it is held', async () => {
    await run(discard, 'discard', 'first', '--reason', 'test');

    expect(calls).toEqual(['record', 'delete first', 'release']);
  });

  it('of a group takes its messages alone, each with the reason on its row', async () => {
    const { stdout, stderr, exitCode } = await run(discard, 'discard', '--group', GROUP, '--reason', 'seen', '--json');

    expect(jsonLines(stdout)).toEqual([expect.objectContaining({ message: 'first', error_id: `${UPDATER}/first` })]);
    expect(stderr).toContain('1 discarded\n');
    expect(exitCode).toBeUndefined();
    expect(deleted()).toEqual(['first']);
    expect(writes()[0]?.ExpressionAttributeValues?.[':discard_reason']).toEqual({ S: 'seen' });
  });
});

const NO_GROUP = 'no queue has an event of the group 0123456789ab: `npx --no-install logistics errors --group --region';
const NEITHER = 'give a message or --group, one of the two';

it.each([
  [redrive, 'redrive --group 0123456789ab', NO_GROUP],
  [redrive, 'redrive', 'give a function or --group'],
  [discard, 'discard --group 0123456789ab --reason x', NO_GROUP],
  [discard, 'discard --reason x', NEITHER],
  [discard, `discard first --group ${GROUP} --reason x`, NEITHER],
])('%p: %s does nothing, and says what to give', async (register, line, problem) => {
  await expect(run(register, ...line.split(' '))).rejects.toThrow(problem);
  expect([...deleted(), ...writes()]).toEqual([]);
});
