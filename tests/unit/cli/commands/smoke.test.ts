import { isDeepStrictEqual } from 'node:util';
import { smoke } from '../../../../cli/commands/smoke';
import { targetOf } from '../../../../cli/target/target';
import { parseDetail } from '../../../../contracts/define-event';
import { contract } from '../../../../contracts/events/shipment-processor/shipment-created';
import { notifies } from '../../../../contracts/shipment-events';
import { statusRule } from '../../../../contracts/statuses';
import { type Answers, answering } from '../answers';

const silent = { target: () => undefined, note: () => undefined, rows: () => undefined, result: () => undefined };
const run = (patience = 300) => smoke(patience, targetOf({ env: 'dev', region: 'us-east-1' }), silent);

let answers: Answers;
const calls = answering(() => answers);

/** Details of the events that were put on the bus. */
const sent = () =>
  calls.flatMap(({ operation, input }) =>
    operation === 'PutEvents' ? JSON.parse((input['Entries'] as { Detail: string }[])[0]?.Detail ?? '') : [],
  );

const stack = (PublishStatusChanges: string) => ({
  Stacks: [{ Parameters: [{ ParameterKey: 'PublishStatusChanges', ParameterValue: PublishStatusChanges }] }],
});

beforeEach(() => {
  answers = {
    DescribeEventBus: { Arn: 'arn:bus' },
    PutEvents: { FailedEntryCount: 0, Entries: [{ EventId: 'envelope-1' }] },
    DescribeStacks: stack('true'),
    // The event is in the log, and its shipment stands at it.
    GetItem: ({ TableName, Key }) => {
      const { shipment_id } = Key as { shipment_id?: { S: string } };
      const [{ event_id }] = sent();
      if (TableName === 'logistics-shipment-events-dev')
        return { Item: { event_id: { S: event_id }, status: { S: 'cancelled' } } };
      return TableName === 'logistics-shipments-dev' && shipment_id?.S === event_id
        ? { Item: { event_id: { S: event_id } } }
        : {};
    },
    Query: {},
    FilterLogEvents: ({ logGroupName, filterPattern }) => ({
      events:
        logGroupName === '/aws/lambda/logistics-status-publisher-dev' && filterPattern === `"${sent()[0].event_id}"`
          ? [{ message: 'm' }]
          : [],
    }),
  };
});

it('follows a valid event that is marked, closes a shipment of its own, and notifies no subscriber', async () => {
  const smoked = await run();

  const [detail] = sent();
  const parsed = parseDetail(contract, detail);
  expect(detail).toMatchObject({ shipment_id: detail.event_id, metadata: { smoke: true } });
  expect(parsed.ok && statusRule(parsed.detail.status).closed).toBe(true);
  expect(parsed.ok && notifies({ detail_type: contract.detailType, ...parsed.detail })).toBe(false);
  expect(smoked).toEqual({
    shipment: detail.shipment_id,
    event_id: detail.event_id,
    log_after_ms: expect.any(Number),
    status_after_ms: expect.any(Number),
    published_after_ms: expect.any(Number),
  });
});

it('sends one that no producer could name before', async () => {
  jest.spyOn(Date, 'now').mockReturnValue(Date.now());
  await Promise.all([run(), run()].map((each) => each.catch(() => undefined)));

  expect(new Set(sent().map(({ event_id }) => event_id)).size).toBe(2);
});

it('follows it to the tables alone where status changes are not published', async () => {
  answers['DescribeStacks'] = stack('false');

  expect(await run()).toMatchObject({ published_after_ms: null });
  expect(calls.map(({ operation }) => operation)).not.toContain('FilterLogEvents');
});

it.each<[what: string, changed: Answers, said: RegExp]>([
  [
    'the bus refused it',
    { PutEvents: { Entries: [{ ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'no' }] } },
    /^the bus refused the event: NotAuthorizedForSourceException: no$/,
  ],
  [
    'it never reached the log',
    { GetItem: {} },
    /^the bus took smoke-\d+-\w+, but it is not in the log after 0\.3 s: look at/,
  ],
  [
    'it is in the log and not the shipment’s status, as when its shipment was closed by hand',
    { GetItem: { Item: { event_id: { S: 'other' }, status: { S: 'cancelled' } } } },
    /^smoke-\d+-\w+ is in the log, but not in the row of its shipment after 0\.3 s: look at/,
  ],
  [
    'its change did not leave',
    { FilterLogEvents: {} },
    /^the row of the shipment has smoke-\d+-\w+, but logistics-status-publisher-dev has not put its change on the bus after 0\.3 s/,
  ],
])('says that %s', async (_, changed, said) => {
  Object.assign(answers, changed);

  await expect(run()).rejects.toThrow(said);
});

it('says at once why its function refused it', async () => {
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
