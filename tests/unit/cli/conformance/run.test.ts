/** A whole run: what it asks before it begins, what it says, and what it leaves behind. */
import { type ConformanceOptions, conformance } from '../../../../cli/conformance/run';
import { holding } from './cases';
import { type Answers, ARN, awsError, stubTarget } from './stub';

const stackWith = (...Parameters: { ParameterKey: string; ParameterValue: string }[]) => ({
  Stacks: [{ StackId: ARN, StackStatus: 'CREATE_COMPLETE', Parameters }],
});

const HELD: Answers = { ...holding(), DescribeStacks: stackWith() };

/** Runs one claim that AWS holds, without a question, unless the options say otherwise. The answer to a question is no. */
async function run(answers: Answers = {}, options: ConformanceOptions = {}, ending = new AbortController()) {
  const { target, asked } = stubTarget({ ...HELD, ...answers });
  const said: string[] = [];
  const rows: object[] = [];
  const print = {
    target: (text: string) => void said.push(text),
    note: (text: string) => void said.push(text),
    rows: (results: readonly object[]) => void rows.push(...results),
    result: () => undefined,
  };
  const chosen = { only: ['pattern-anything-but'], yes: true, ...options };
  const before = process.exitCode;
  process.exitCode = undefined;
  const running = conformance(chosen, 15, target, print, async () => 'n', ending.signal);
  const error = await running.catch((thrown: Error) => thrown.message);
  const { exitCode } = process;
  process.exitCode = before;
  return { error, exitCode, said: said.join('\n'), rows, asked };
}

it('names account and region first, says what it makes and costs, and prints each claim with what was seen', async () => {
  const { said, rows, exitCode, error } = await run();

  expect(error).toBeUndefined();
  expect(said).toMatch(/^account 111122223333, region us-east-1, arn:[\s\S]*costs less than \$0\.10/);
  const printed = {
    claim: 'pattern-anything-but',
    state: 'held',
    seen: 'it does not match',
    source: expect.any(String),
  };
  expect(rows).toEqual([expect.objectContaining(printed)]);
  expect(exitCode).toBeUndefined();
});

it('says why a claim could not be tried', async () => {
  const { rows, exitCode } = await run({ TestEventPattern: awsError('AccessDeniedException', 'not authorized') });

  expect(rows).toMatchObject([{ state: 'not tried', seen: expect.stringContaining('lack a permission') }]);
  expect(exitCode).toBeUndefined();
});

const PROTECTED = stackWith({ ParameterKey: 'TableDeletionProtection', ParameterValue: 'true' });

it.each([
  ['a protected stack', { DescribeStacks: PROTECTED }, {}, 'has TableDeletionProtection'],
  ['an answer that is no yes', {}, { yes: false }, 'nothing was tried'],
  ['a claim that there is not', {}, { only: ['gravity'] }, 'there is no claim gravity: conditional-put, '],
])('%s ends it before anything is made', async (_, answers, options, message) => {
  const { error, asked } = await run(answers, options);

  expect(error).toContain(message);
  const changes = /:(Create|Put|Delete|Remove|Add|Subscribe|Publish|Invoke|Set)/;
  expect(asked.filter((call) => changes.test(call))).toEqual([]);
});

it('removes what it made when it is interrupted, and names what it could not', async () => {
  const ending = new AbortController();
  const answers = {
    PutEvents() {
      ending.abort();
      return { Entries: [{ EventId: 'e' }] };
    },
    DeleteTable: awsError('AccessDeniedException', 'not yours'),
  };

  const { said, rows, asked, exitCode } = await run(answers, { only: ['rejected-event', 'conditional-put'] }, ending);

  expect(rows).toMatchObject([
    { claim: 'conditional-put', state: 'differs' },
    { claim: 'rejected-event', state: 'not tried', seen: 'interrupted' },
  ]);
  expect(asked).toEqual(
    expect.arrayContaining(['sqs:DeleteQueue', 'events:DeleteRule', 'sns:Unsubscribe', 'dynamodb:DeleteTable']),
  );
  expect(said).toMatch(/could not be removed: table logistics-conformance-\w+-log-dev: not yours/);
  expect(exitCode).toBe(1);
});

it('removes a queue whose creation was not answered', async () => {
  const { asked } = await run({ CreateQueue: awsError('TimeoutError') }, { only: ['alarm-message'] });

  expect(asked).toContain('sqs:DeleteQueue');
});
