/** Messages of a dead-letter queue that are redriven or discarded: which ones, and the output when some stay in the queue. */
import { finishFirst } from '../../../../cli/terminal/ending';
import { toAttributes } from '../../../../src/adapters/attributes';
import { failureGroupOf } from '../../../../src/domain/failure-group';
import { type Answers, answers, awsError, inputsOf, inTurn } from '../mocked-aws';
import { run } from '../run';

jest.mock('../../../../cli/terminal/ending');

const UPDATER = 'logistics-status-updater-dev';

const failure = (error_type: string, error_message: string) => ({ function_name: UPDATER, error_type, error_message });

const REJECTED = failure('rejected', 'row 17 is wrong');
const GROUP = failureGroupOf(failure('rejected', 'row 4 is wrong')).group;

let ending: AbortController;

/** Writes that have ended, in order. */
let ended: string[];

beforeEach(() => {
  ending = new AbortController();
  ended = [];
  jest.mocked(finishFirst).mockReturnValue(ending.signal);
  const received = inTurn(
    {
      Messages: ['first', 'second', 'third'].map((id) => ({
        MessageId: id,
        ReceiptHandle: id,
        Body: JSON.stringify({ id, 'detail-type': 'Shipment Status Updated', detail: {} }),
      })),
    },
    {},
  );
  Object.assign(answers, {
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: QueueName }),
    ReceiveMessage: ({ QueueUrl }) => (QueueUrl === 'logistics-status-updater-dlq-dev' ? received() : {}),
    GetItem: inTurn(
      { Item: toAttributes(REJECTED) },
      { Item: toAttributes(failure('conflict', 'it is on record')) },
      {},
    ),
    Invoke: { StatusCode: 202 },
  } satisfies Answers);
  for (const write of ['UpdateItem', 'DeleteMessage', 'ChangeMessageVisibilityBatch'])
    answers[write] = async () => {
      await new Promise(setImmediate);
      ended.push(write);
      return {};
    };
});

const released = () => inputsOf('ChangeMessageVisibilityBatch').flatMap(({ Entries }) => Entries);
const deleted = () => inputsOf('DeleteMessage').map(({ ReceiptHandle }) => ReceiptHandle);

describe('redrive', () => {
  it('redrives error events, whatever error type their producer gave them', async () => {
    answers['GetItem'] = { Item: toAttributes(failure('label_unreadable', 'cannot read')) };

    await run('redrive status-updater');

    expect(deleted()).toEqual(['first', 'second', 'third']);
  });

  it.each([
    ['status-updater', ['third'], '2 left, 1 redriven', 1],
    ['status-updater --dry-run', [], '2 left, 1 would be redriven', 1],
    ['status-updater --only rejected', ['first'], '1 redriven, 2 left', undefined],
    ['status-updater --only conflict', ['second'], '2 left, 1 redriven', undefined],
    ['status-updater --only transient', ['third'], '2 left, 1 redriven', undefined],
    [`--group ${GROUP}`, ['first'], '1 redriven, 2 left', undefined],
    [`--group ${GROUP} --dry-run`, [], '1 would be redriven, 2 left', undefined],
  ])('%s deletes %j from the queue', async (line, handles, counts, code) => {
    const { stderr, exitCode } = await run(`redrive ${line}`);

    expect(deleted()).toEqual(handles);
    // Of the alias, whatever version it points to.
    expect(inputsOf('Invoke').map(({ Qualifier }) => Qualifier)).toEqual(handles.map(() => 'live'));
    expect(inputsOf('UpdateItem')).toHaveLength(handles.length);
    expect(released()).toHaveLength(3 - handles.length);
    expect(stderr).toContain(`${counts}\n`);
    expect(stderr.includes('would fail again')).toBe(code === 1);
    expect(exitCode).toBe(code);
  });

  it('suggests what to do with events that would fail again', async () => {
    const { stderr } = await run('redrive status-updater');

    expect(stderr).toMatch(/^account .*, region .*, function logistics-status-updater-dev\n/);
    expect(stderr).toContain('left because they would fail again: 1 rejected, 1 conflict. Their producer');
    expect(stderr).toContain('logistics discard {message} --reason');
    expect(stderr).toContain('logistics redrive status-updater --only rejected');
  });

  it('with --group shows only the events of the group, and counts each redrive in its row', async () => {
    const { rows } = await run(`redrive --group ${GROUP} --json`);

    expect(rows.map(({ message, outcome }) => [message, outcome])).toEqual([['first', 'redriven']]);
    expect(inputsOf('UpdateItem')).toEqual([
      expect.objectContaining({
        Key: toAttributes({ error_id: `${UPDATER}/first`, timestamp: 0 }),
        UpdateExpression: expect.stringMatching(/ ADD #redrives :one$/),
      }),
    ]);
  });

  it.each(['RequestTooLargeException', 'SerializedRequestEntityTooLargeException', 'InvalidRequestContentException'])(
    'leaves an event that Lambda refuses (%s), and goes on',
    async (name) => {
      answers['GetItem'] = {};
      answers['Invoke'] = inTurn(awsError(name, 'too large'), { StatusCode: 202 });

      const { rows, stderr, exitCode } = await run('redrive status-updater --json');

      expect(rows.map(({ outcome, reason }) => `${outcome}: ${reason}`)).toEqual([
        'refused: Lambda does not take it: too large',
        'redriven: unknown',
        'redriven: unknown',
      ]);
      expect(deleted()).toEqual(['second', 'third']);
      expect(stderr).toContain('1 refused, 2 redriven');
      expect(exitCode).toBe(1);
    },
  );

  it('ends at an error that every event would meet', async () => {
    answers['GetItem'] = {};
    answers['Invoke'] = awsError('TooManyRequestsException', 'Rate exceeded');

    await expect(run('redrive status-updater')).rejects.toThrow('Rate exceeded');

    expect(inputsOf('Invoke')).toHaveLength(1);
    expect(deleted()).toEqual([]);
  });

  it('ends with 0 after --max events', async () => {
    answers['GetItem'] = {};

    const { stderr, exitCode } = await run('redrive status-updater --max 1');

    expect(stderr).toMatch(/\n1 redriven\n$/);
    expect(exitCode).toBeUndefined();
  });

  it.each([
    ['status-updater --max 3', 'status-updater --max 2'],
    ['status-updater --max 3 --only transient', 'status-updater --only transient --max 2'],
    ['status-updater', 'status-updater'],
  ])('%s that ends after one event suggests %s', async (line, again) => {
    answers['GetItem'] = {};
    answers['Invoke'] = () => {
      ending.abort();
      return { StatusCode: 202 };
    };

    const { stderr, exitCode } = await run(`redrive ${line}`);

    expect(stderr).toContain(`in the queue again: npx --no-install logistics redrive ${again} --region us-east-1\n`);
    expect(exitCode).toBe(1);
  });
});

describe('discard', () => {
  it('records the reason, deletes the message, and only then releases the others', async () => {
    await run('discard first --reason test');

    expect(ended).toEqual(['UpdateItem', 'DeleteMessage', 'ChangeMessageVisibilityBatch']);
    expect(deleted()).toEqual(['first']);
  });

  it('with --group deletes only the messages of the group, each with the reason in its row', async () => {
    const { rows, stderr, exitCode } = await run(`discard --group ${GROUP} --reason seen --json`);

    expect(rows).toEqual([expect.objectContaining({ message: 'first', error_id: `${UPDATER}/first` })]);
    expect(stderr).toContain('1 discarded\n');
    expect(exitCode).toBeUndefined();
    expect(deleted()).toEqual(['first']);
    expect(inputsOf('UpdateItem')[0]).toMatchObject({
      Key: toAttributes({ error_id: `${UPDATER}/first`, timestamp: 0 }),
      ExpressionAttributeValues: { ':discard_reason': { S: 'seen' } },
    });
  });
});

it.each(['redrive --group 0123456789ab', 'discard --group 0123456789ab --reason x'])(
  '%s finds no message',
  async (line) => {
    await expect(run(line)).rejects.toThrow(
      'no queue has an event of the group 0123456789ab: `npx --no-install logistics errors --group --region',
    );
    expect([...deleted(), ...inputsOf('UpdateItem')]).toEqual([]);
  },
);
