import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { SMOKE_SHIPMENT, smoke } from '../../../../cli/commands/smoke';
import { targetOf } from '../../../../cli/target/target';
import { parseDetail } from '../../../../contracts/define-event';
import { contract } from '../../../../contracts/events/shipment-processor/shipment-created';
import { statusRule } from '../../../../contracts/statuses';

const db = mockClient(DynamoDBClient);
const events = mockClient(EventBridgeClient);

const target = targetOf({ env: 'dev', region: 'us-east-1' });
const silent = { target: () => undefined, note: () => undefined, rows: () => undefined, result: () => undefined };
const run = () => smoke(300, target, silent);

const inLog = { TableName: 'logistics-shipment-events-dev' };
const inStatuses = { TableName: 'logistics-shipments-dev' };

beforeEach(() => {
  db.reset();
  events.reset();
  events.on(DescribeEventBusCommand).resolves({ Arn: 'arn:bus' });
  events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'envelope-1' }] });
  db.on(GetItemCommand).resolves({});
  db.on(QueryCommand).resolves({ Items: [] });
});

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

  it('follows it to the log and to the shipment’s status', async () => {
    db.on(GetItemCommand, inLog).resolves({ Item: { event_id: { S: 'x' } } });
    db.on(GetItemCommand, inStatuses).callsFake(() => ({
      Item: {
        version: {
          S: `0#${String(Date.parse(detailSent().occurred_at)).padStart(16, '0')}#0#${detailSent().event_id}`,
        },
      },
    }));

    const smoked = await run();

    expect(smoked).toMatchObject({ shipment: SMOKE_SHIPMENT, event_id: detailSent().event_id });
  });

  it('is content when a later one has moved the shipment on', async () => {
    db.on(GetItemCommand, inLog).resolves({ Item: { event_id: { S: 'x' } } });
    db.on(GetItemCommand, inStatuses).resolves({ Item: { version: { S: '0#9999999999999999#0#smoke-later' } } });

    await expect(run()).resolves.toMatchObject({ shipment: SMOKE_SHIPMENT });
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
    db.on(GetItemCommand, inStatuses).resolves({ Item: { version: { S: '0#0000000000000001#0#smoke-1' } } });

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
