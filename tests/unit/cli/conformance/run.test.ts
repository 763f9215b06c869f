/** A whole run: what it asks before it begins, what it says, and what it leaves behind. */

import { type ConformanceOptions, conformance } from '../../../../cli/conformance/run';
import { holding } from './holding';
import { type Answers, awsError, stubTarget } from './stub';

const stackWith = (...Parameters: { ParameterKey: string; ParameterValue: string }[]) => ({
  Stacks: [
    { StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/s', StackStatus: 'CREATE_COMPLETE', Parameters },
  ],
});

const HELD: Answers = { ...holding(), DescribeStacks: stackWith() };

const OPTIONS: ConformanceOptions = { only: ['pattern-anything-but'], yes: true, restore: false, minute: 15 };

async function run(
  answers: Answers = HELD,
  options: Partial<ConformanceOptions> = {},
  answer = 'yes',
  ending = new AbortController(),
) {
  const { target, asked } = stubTarget(answers);
  const said: string[] = [];
  const rows: object[] = [];
  const print = {
    target: (text: string) => void said.push(text),
    note: (text: string) => void said.push(text),
    rows: (results: readonly object[]) => void rows.push(...results),
    result: () => undefined,
  };
  const before = process.exitCode;
  process.exitCode = undefined;
  const error = await conformance({ ...OPTIONS, ...options }, target, print, async () => answer, ending.signal).catch(
    (thrown: Error) => thrown.message,
  );
  const exitCode = process.exitCode;
  process.exitCode = before;
  return { error, exitCode, said: said.join('\n'), rows, asked };
}

it('names account and region first, says what it makes and costs, and prints each claim with what was seen', async () => {
  const { said, rows, exitCode, error } = await run();

  expect(error).toBeUndefined();
  expect(said).toMatch(/^account 111122223333, region us-east-1, arn:[\s\S]*costs less than \$0\.10/);
  expect(rows).toEqual([
    expect.objectContaining({
      claim: 'pattern-anything-but',
      state: 'held',
      seen: 'it does not match',
      source: expect.any(String),
    }),
  ]);
  expect(exitCode).toBeUndefined();
});

it('ends with 1 when a claim differs', async () => {
  expect(await run({ ...HELD, TestEventPattern: { Result: true } })).toMatchObject({
    rows: [{ state: 'differs' }],
    exitCode: 1,
  });
});

it('says why a claim could not be tried, and tries the others', async () => {
  const { rows, exitCode } = await run({
    ...HELD,
    TestEventPattern: awsError('AccessDeniedException', 'not authorized'),
  });

  expect(rows).toEqual([
    expect.objectContaining({ state: 'not tried', seen: expect.stringContaining('lack a permission') }),
  ]);
  expect(exitCode).toBeUndefined();
});

describe('before anything is made', () => {
  const CHANGES = /:(Create|Put|Delete|Remove|Add|Subscribe|Publish|Invoke|Set)/;

  it.each([
    [
      'a protected stack',
      { ...HELD, DescribeStacks: stackWith({ ParameterKey: 'TableDeletionProtection', ParameterValue: 'true' }) },
      {},
      'has TableDeletionProtection',
    ],
    ['an answer that is no yes', HELD, { yes: false }, 'nothing was tried'],
    ['a claim that there is not', HELD, { only: ['gravity'] }, 'there is no claim gravity: conditional-put, '],
  ])('%s ends it', async (_, answers, options, message) => {
    const { error, asked } = await run(answers, options, 'n');

    expect(error).toContain(message);
    expect(asked.filter((call) => CHANGES.test(call))).toEqual([]);
  });
});

it('removes what it made when it is interrupted, and names what it could not', async () => {
  const ending = new AbortController();
  const answers = {
    ...HELD,
    PutEvents: () => {
      ending.abort();
      return { Entries: [{ EventId: 'e' }] };
    },
    DeleteTable: awsError('AccessDeniedException', 'not yours'),
  };

  const { said, rows, asked, exitCode } = await run(
    answers,
    { only: ['rejected-event', 'conditional-put'] },
    'yes',
    ending,
  );

  expect(rows).toEqual([
    expect.objectContaining({ claim: 'conditional-put', state: 'held' }),
    expect.objectContaining({ claim: 'rejected-event', state: 'not tried', seen: 'interrupted' }),
  ]);
  expect(asked).toEqual(
    expect.arrayContaining(['sqs:DeleteQueue', 'events:DeleteRule', 'sns:Unsubscribe', 'dynamodb:DeleteTable']),
  );
  expect(said).toMatch(/could not be removed: table logistics-conformance-\w+-log-dev: not yours/);
  expect(exitCode).toBe(1);
});

it('deletes the rows of its shipments by their keys, and no others', async () => {
  const deleted: object[] = [];
  const answers = {
    ...HELD,
    Query: ({ IndexName }: { IndexName?: string }) => ({
      Items: IndexName
        ? [{ event_id: { S: 'e' }, error_id: { S: 'x' }, timestamp: { N: '1' }, status: { S: 'pending' } }]
        : [],
    }),
    DeleteItem: (input: object) => {
      deleted.push(input);
      return {};
    },
  };

  await run(answers, { only: ['rejected-event'] });

  const shipment_id = { S: expect.stringMatching(/^CONFORMANCE-\w+-rejected$/) };
  expect(deleted).toEqual([
    { TableName: 'logistics-shipment-events-dev', Key: { event_id: { S: 'e' }, timestamp: { N: '1' } } },
    { TableName: 'logistics-error-events-dev', Key: { error_id: { S: 'x' }, timestamp: { N: '1' } } },
    { TableName: 'logistics-shipments-dev', Key: { shipment_id } },
  ]);
});
