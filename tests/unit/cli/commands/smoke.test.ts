import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { smoke } from '../../../../cli/commands/smoke';
import { targetOf } from '../../../../cli/target/target';
import { parseDetail } from '../../../../contracts/define-event';
import { contract } from '../../../../contracts/events/shipment-processor/shipment-created';
import { notifies } from '../../../../contracts/shipment-events';
import { statusRule } from '../../../../contracts/statuses';

const db = mockClient(DynamoDBClient);
const events = mockClient(EventBridgeClient);
const stacks = mockClient(CloudFormationClient);
const logs = mockClient(CloudWatchLogsClient);

const target = targetOf({ env: 'dev', region: 'us-east-1' });
const silent = { target: () => undefined, note: () => undefined, rows: () => undefined, result: () => undefined };
const run = () => smoke(300, target, silent);

const inLog = { TableName: 'logistics-shipment-events-dev' };
const inStatuses = { TableName: 'logistics-shipments-dev' };

beforeEach(() => {
  for (const client of [db, events, stacks, logs]) client.reset();
  events.on(DescribeEventBusCommand).resolves({ Arn: 'arn:bus' });
  events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'envelope-1' }] });
  db.on(GetItemCommand).resolves({});
  db.on(QueryCommand).resolves({ Items: [] });
  published('true');
  logs.on(FilterLogEventsCommand).resolves({ events: [] });
});

const published = (PublishStatusChanges: string) =>
  stacks.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        StackName: 's',
        StackStatus: 'CREATE_COMPLETE',
        CreationTime: new Date(0),
        Parameters: [{ ParameterKey: 'PublishStatusChanges', ParameterValue: PublishStatusChanges }],
      },
    ],
  });

/** The event is in both tables, and the shipment stands at it. */
function inBothTables() {
  db.on(GetItemCommand, inLog).resolves({ Item: { event_id: { S: 'x' }, status: { S: 'cancelled' } } });
  db.on(GetItemCommand, inStatuses).callsFake(({ Key }) =>
    Key.shipment_id.S === detailSent().shipment_id ? { Item: { event_id: { S: detailSent().event_id } } } : {},
  );
}

/** The publisher's log has a line that names an event. */
const inThePublishersLog = (event_id: () => string) =>
  logs
    .on(FilterLogEventsCommand, { logGroupName: '/aws/lambda/logistics-status-publisher-dev' })
    .callsFake(({ filterPattern }) => ({ events: filterPattern === `"${event_id()}"` ? [{ message: 'm' }] : [] }));

const detailSent = () =>
  JSON.parse(events.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0]?.Detail ?? '{}');

describe('the smoke test', () => {
  it('sends a valid event that is marked, closes a shipment of its own, and notifies no subscriber', async () => {
    await run().catch(() => undefined);

    const detail = detailSent();
    const parsed = parseDetail(contract, detail);
    expect(detail).toMatchObject({ shipment_id: detail.event_id, metadata: { smoke: true } });
    expect(parsed.ok && statusRule(parsed.detail.status).closed).toBe(true);
    expect(parsed.ok && notifies({ detail_type: contract.detailType, ...parsed.detail })).toBe(false);
  });

  it('sends one that no producer could name before', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    for (const _ of [1, 2]) await run().catch(() => undefined);
    jest.restoreAllMocks();

    const ids = events.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.[0]?.Detail);
    expect(new Set(ids).size).toBe(2);
  });

  it('follows it to the log, to the shipment’s status, and onto the bus again by the log of the publisher', async () => {
    inBothTables();
    inThePublishersLog(() => detailSent().event_id);

    const smoked = await run();

    expect(smoked).toMatchObject({
      shipment: detailSent().shipment_id,
      event_id: detailSent().event_id,
      published_after_ms: expect.any(Number),
    });
  });

  it('follows it to the tables alone where status changes are not published', async () => {
    inBothTables();
    published('false');

    await expect(run()).resolves.toMatchObject({ published_after_ms: null });
    expect(logs.commandCalls(FilterLogEventsCommand)).toEqual([]);
  });

  it('says that its change did not leave', async () => {
    inBothTables();
    inThePublishersLog(() => 'another');

    await expect(run()).rejects.toThrow(
      /stands at smoke-\d+-\w+, but logistics-status-publisher-dev has not put its change on the bus after 0.3 s/,
    );
  });

  it('says that the bus refused it', async () => {
    events.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'no' }],
    });

    await expect(run()).rejects.toThrow('the bus refused the event: NotAuthorizedForSourceException: no');
  });

  it('says that it never reached the log', async () => {
    await expect(run()).rejects.toThrow(/the bus took smoke-\d+-\w+, but it is not in the log after 0.3 s/);
  });

  it('says that it is in the log but not the shipment’s status', async () => {
    db.on(GetItemCommand, inLog).resolves({ Item: { event_id: { S: 'x' }, status: { S: 'cancelled' } } });
    // As one that was closed by hand: its version is greater.
    db.on(GetItemCommand, inStatuses).resolves({
      Item: { version: { S: '1#0000000000000001#7#other' }, event_id: { S: 'other' }, timestamp: { N: '1' } },
    });

    await expect(run()).rejects.toThrow(/is in the log, but its shipment does not stand at it after 0.3 s/);
  });

  it('says at once why its function refused it', async () => {
    db.on(QueryCommand, {
      ExpressionAttributeValues: { ':id': { S: 'logistics-shipment-processor-dev/envelope-1' } },
    }).resolves({ Items: [{ error_type: { S: 'rejected' }, error_message: { S: 'occurred_at is in the future' } }] });

    await expect(smoke(60_000, target, silent)).rejects.toThrow(
      /reached its function and failed there \(rejected\): occurred_at is in the future/,
    );
  });
});
