import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { smoke } from '../../../../cli/commands/smoke';
import { targetOf } from '../../../../cli/target/target';
import { parseDetail } from '../../../../contracts/define-event';
import { contract } from '../../../../contracts/events/shipment-processor/shipment-created';
import { SMOKE_SHIPMENT } from '../../../../contracts/names';
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

/** The event is in both tables, and the shipment stands at it, or at that of a later smoke test. */
function inBothTables(later?: string) {
  db.on(GetItemCommand, inLog).resolves({ Item: { event_id: { S: 'x' } } });
  db.on(GetItemCommand, inStatuses).callsFake(() => {
    const { occurred_at, event_id } = detailSent();
    const timestamp = Date.parse(occurred_at) + (later ? 1 : 0);
    return { Item: { event_id: { S: later ?? event_id }, timestamp: { N: String(timestamp) } } };
  });
}

/** The publisher's log has a line that names an event. */
const inThePublishersLog = (event_id: () => string) =>
  logs
    .on(FilterLogEventsCommand, { logGroupName: '/aws/lambda/logistics-status-publisher-dev' })
    .callsFake(({ filterPattern }) => ({ events: filterPattern === `"${event_id()}"` ? [{ message: 'm' }] : [] }));

const detailSent = () =>
  JSON.parse(events.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0]?.Detail ?? '{}');

describe('the smoke test', () => {
  it('sends a valid event that is marked, is of its own shipment, and notifies no subscriber', async () => {
    await run().catch(() => undefined);

    const detail = detailSent();
    const parsed = parseDetail(contract, detail);
    expect(detail).toMatchObject({ shipment_id: SMOKE_SHIPMENT, metadata: { smoke: true } });
    expect(parsed.ok && statusRule(parsed.detail.status).notifies).toBe(false);
  });

  it('follows it to the log, to the shipment’s status, and onto the bus again by the log of the publisher', async () => {
    inBothTables();
    inThePublishersLog(() => detailSent().event_id);

    const smoked = await run();

    expect(smoked).toMatchObject({
      shipment: SMOKE_SHIPMENT,
      event_id: detailSent().event_id,
      published_after_ms: expect.any(Number),
    });
  });

  it('is content when a later one has moved the shipment on, whose change left', async () => {
    inBothTables('smoke-later');
    inThePublishersLog(() => 'smoke-later');

    await expect(run()).resolves.toMatchObject({ published_after_ms: expect.any(Number) });
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
      /stands at smoke-\d+, but logistics-status-publisher-dev has not put its change on the bus after 0.3 s/,
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
    await expect(run()).rejects.toThrow(/the bus took smoke-\d+, but it is not in the log after 0.3 s/);
  });

  it('says that it is in the log but not the shipment’s status', async () => {
    db.on(GetItemCommand, inLog).resolves({ Item: { event_id: { S: 'x' } } });
    // As one that was closed by hand: its version is greater.
    db.on(GetItemCommand, inStatuses).resolves({
      Item: { version: { S: '1#0000000000000001#7#other' }, event_id: { S: 'other' }, timestamp: { N: '1' } },
    });

    await expect(run()).rejects.toThrow(/is in the log, but SMOKE-TEST does not stand at it after 0.3 s/);
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
