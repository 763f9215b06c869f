/** Events that do not pass the smoke test. One that does is in tests/integration/operator/operations.test.ts. */
import { isDeepStrictEqual } from 'node:util';
import { smoke } from '../../../../cli/commands/smoke';
import { targetOf } from '../../../../cli/target/target';
import { recordedPrint } from '../../../support/recorded-print';
import { type Answers, answers, calls, inputsOf } from '../mocked-aws';

const run = (patience = 20) => smoke(patience, targetOf({ env: 'dev', region: 'us-east-1' }), recordedPrint().print);

/** Details of the events that were put on the bus. */
const sent = () => inputsOf('PutEvents').map(({ Entries: [{ Detail }] }) => JSON.parse(Detail));

const stack = (PublishStatusChanges: string) => ({
  Stacks: [{ Parameters: [{ ParameterKey: 'PublishStatusChanges', ParameterValue: PublishStatusChanges }] }],
});

beforeEach(() => {
  Object.assign(answers, {
    DescribeEventBus: { Arn: 'arn:bus' },
    PutEvents: { FailedEntryCount: 0, Entries: [{ EventId: 'envelope-1' }] },
    DescribeStacks: stack('true'),
    // Both reads: of the log and of the shipment's status.
    GetItem: () => ({ Item: { event_id: { S: sent()[0].event_id }, status: { S: 'cancelled' } } }),
    FilterLogEvents: {},
  } satisfies Answers);
});

it('sends an event with an id that no producer can predict', async () => {
  jest.spyOn(Date, 'now').mockReturnValue(Date.now());
  await Promise.all([run(), run()].map((smoked) => smoked.catch(() => undefined)));

  expect(new Set(sent().map(({ event_id }) => event_id)).size).toBe(2);
});

it('follows the event only to the tables where status changes are not published', async () => {
  answers['DescribeStacks'] = stack('false');

  expect(await run()).toMatchObject({ published_after_ms: null });
  expect(calls.map(({ operation }) => operation)).not.toContain('FilterLogEvents');
});

it.each<[fault: string, changed: Answers, message: RegExp]>([
  [
    'the bus refused it',
    { PutEvents: { Entries: [{ ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'no' }] } },
    /^the bus refused the event: NotAuthorizedForSourceException: no$/,
  ],
  [
    'the event is not in the log',
    { GetItem: {} },
    /^the bus accepted smoke-\d+-\w+, but it is not in the log after 0\.02 s: look at/,
  ],
  [
    'another event is the current one of the shipment',
    { GetItem: { Item: { event_id: { S: 'other' }, status: { S: 'cancelled' } } } },
    /^smoke-\d+-\w+ is in the log, but not in the row of its shipment after 0\.02 s: look at/,
  ],
  [
    'the status change was not published',
    {},
    /^the row of the shipment has smoke-\d+-\w+, but logistics-status-publisher-dev has not put its change on the bus after 0\.02 s/,
  ],
])('reports that %s', async (_, changed, message) => {
  Object.assign(answers, changed);

  await expect(run()).rejects.toThrow(message);
});

it('reports at once why the function rejected the event', async () => {
  const failure = { error_type: { S: 'rejected' }, error_message: { S: 'occurred_at is in the future' } };
  const id = { S: 'logistics-shipment-processor-dev/envelope-1' };
  Object.assign(answers, {
    GetItem: {},
    Query: ({ ExpressionAttributeValues }) =>
      isDeepStrictEqual(ExpressionAttributeValues, { ':id': id }) ? { Items: [failure] } : {},
  } satisfies Answers);

  await expect(run(60_000)).rejects.toThrow(
    /reached its function and failed there \(rejected\): occurred_at is in the future/,
  );
});
