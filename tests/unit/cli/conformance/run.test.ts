/** A run of all claims: its question, its output, and its clean-up. */
import { type ConformanceOptions, conformance } from '../../../../cli/conformance/run';
import { targetOf } from '../../../../cli/target/target';
import { recordedPrint } from '../../../support/recorded-print';
import { ANY_OTHER, type Answers, answers, awsError, calls } from '../mocked-aws';
import { ARN, holding } from './cases';

const stackWith = (...Parameters: { ParameterKey: string; ParameterValue: string }[]) => ({
  Stacks: [{ StackId: ARN, StackStatus: 'CREATE_COMPLETE', Parameters }],
});

/** Runs one claim that holds. With `yes: false` it asks, and the answer is no. */
async function run(changed: Answers = {}, options: ConformanceOptions = {}, ending = new AbortController()) {
  Object.assign(answers, { [ANY_OTHER]: {}, ...holding(), DescribeStacks: stackWith(), ...changed });
  const { lines, rows, print } = recordedPrint();
  const chosen = { only: ['no-producer-grants'], yes: true, ...options };
  const before = process.exitCode;
  process.exitCode = undefined;
  const target = targetOf({ env: 'dev', region: 'us-east-1' });
  const running = conformance(chosen, 15, target, print, async () => 'n', ending.signal);
  const error = await running.catch((thrown: Error) => thrown.message);
  const { exitCode } = process;
  process.exitCode = before;
  return { error, exitCode, text: lines.join('\n'), rows };
}

const called = () => calls.map(({ operation }) => operation);

it('prints account and region first, then resources and costs, then each claim with the observation', async () => {
  const { text, rows, exitCode, error } = await run();

  expect(error).toBeUndefined();
  expect(text).toMatch(/^account 111122223333, region us-east-1, arn:[\s\S]*costs less than \$0\.10/);
  expect(rows).toMatchObject([
    { claim: 'no-producer-grants', state: 'held', seen: 'it has none', source: expect.any(String) },
  ]);
  expect(exitCode).toBeUndefined();
});

it('reports why a claim could not be tried', async () => {
  const { rows, exitCode } = await run({ DescribeEventBus: awsError('AccessDeniedException', 'not authorized') });

  expect(rows).toMatchObject([{ state: 'not tried', seen: expect.stringContaining('lack a permission') }]);
  expect(exitCode).toBeUndefined();
});

const PROTECTED = stackWith({ ParameterKey: 'TableDeletionProtection', ParameterValue: 'true' });

it.each([
  ['a protected stack', { DescribeStacks: PROTECTED }, {}, 'has TableDeletionProtection'],
  ['an answer other than yes', {}, { yes: false }, 'nothing was tried'],
  ['an unknown claim', {}, { only: ['gravity'] }, 'there is no claim gravity: conditional-put, '],
])('%s ends the run before anything is created', async (_, changed, options, message) => {
  const { error } = await run(changed, options);

  expect(error).toContain(message);
  const changes = /^(Create|Put|Delete|Remove|Add|Subscribe|Publish|Invoke|Set)/;
  expect(called().filter((operation) => changes.test(operation))).toEqual([]);
});

it('deletes its resources and restores the permission when it is interrupted, and names what it could not delete', async () => {
  const ending = new AbortController();
  const interrupting = {
    PutEvents() {
      ending.abort();
      return { Entries: [{ EventId: 'e' }] };
    },
    DeleteTable: awsError('AccessDeniedException', 'not yours'),
  };

  const { text, rows, exitCode } = await run(
    interrupting,
    { only: ['rejected-event', 'rule-dead-letter', 'conditional-put'] },
    ending,
  );

  expect(rows).toMatchObject([
    { claim: 'conditional-put', state: 'differs' },
    { claim: 'rule-dead-letter', state: 'not tried', seen: 'interrupted' },
    { claim: 'rejected-event', state: 'not tried', seen: 'interrupted' },
  ]);
  expect(called()).toEqual(
    expect.arrayContaining(['DeleteQueue', 'DeleteRule', 'Unsubscribe', 'DeleteTable', 'AddPermission']),
  );
  expect(text).toMatch(/could not be removed: table logistics-conformance-\w+-shipmentEvents-dev: not yours/);
  expect(exitCode).toBe(1);
});

it('deletes a queue whose creation timed out', async () => {
  await run({ CreateQueue: awsError('TimeoutError') }, { only: ['alarm-message'] });

  expect(called()).toContain('DeleteQueue');
});
