import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { OPEN_STATUSES, type Status } from '../../../contracts/statuses';
import { toAttributes } from '../../../src/adapters/attributes';
import { stalledMessage } from '../../../src/domain/messages';
import { aShipmentEvent } from '../../support/builders/events';
import { HANDLER_ENVIRONMENT } from '../../support/builders/handler-environment';
import { db, events, everythingWorks, sns } from '../../support/builders/handlers';
import { aContext } from '../../support/builders/lambda';
import { aRow } from '../../support/builders/stream-records';

type Handler = (input: unknown, context: Context) => Promise<{ reported: number; finished: boolean }>;

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 2, 9, 12);
const SCHEDULED = { id: 'run-1', time: '2026-03-09T12:00:00Z', source: 'aws.events', 'detail-type': 'Scheduled Event' };

let handler: Handler;

const load = async (): Promise<Handler> => (await import('../../../src/handlers/stalled-shipments')).handler;

beforeAll(async () => {
  Object.assign(process.env, HANDLER_ENVIRONMENT, { POWERTOOLS_METRICS_DISABLED: 'true' });
  handler = await load();
});

beforeEach(() => {
  everythingWorks();
  db.on(QueryCommand).resolves({ Items: [] });
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});

afterEach(() => jest.restoreAllMocks());

const run = (remaining = 60_000) => handler(SCHEDULED, aContext(remaining));

/** The index has these shipments in a status, each for three days and a half. */
const standing = (status: Status, ...shipments: string[]) =>
  db.on(QueryCommand, { ExpressionAttributeValues: expectStatus(status) }).resolves({
    Items: shipments.map((shipment_id) =>
      toAttributes({ ...aRow(aShipmentEvent({ shipment_id, status, timestamp: NOW - 3.5 * DAY_MS })) }),
    ),
  });

/** aws-sdk-client-mock takes a request for a match when it has these values. */
const expectStatus = (status: Status) => toAttributes({ ':status': status });

const updates = () => db.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input);
const entries = () => events.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries ?? []);
const messages = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);

describe('a stalled shipment', () => {
  it('is an event and a message, and its row is marked', async () => {
    standing('in_transit', 'SHP-1');

    expect(await run()).toEqual({ reported: 1, finished: true });

    const stalled = {
      shipment_id: 'SHP-1',
      status: 'in_transit' as const,
      since: '2026-03-06T00:00:00.000Z',
      days: 3,
      event_id: 'e-1',
    };
    expect(entries()).toEqual([
      {
        EventBusName: 'bus',
        Source: 'logistics.status',
        DetailType: 'Shipment Stalled',
        Detail: JSON.stringify(stalled),
      },
    ]);
    expect(messages()).toEqual([
      {
        TopicArn: 'arn:processing',
        Subject: stalledMessage(stalled, 'dev').subject,
        Message: JSON.stringify({ ...stalled, environment: 'dev' }, null, 2),
        MessageAttributes: {
          shipment_id: { DataType: 'String', StringValue: 'SHP-1' },
          stalled: { DataType: 'String', StringValue: 'true' },
        },
      },
    ]);
    expect(updates().map(({ TableName, Key, UpdateExpression }) => [TableName, Key, UpdateExpression])).toEqual([
      ['shipments', { shipment_id: { S: 'SHP-1' } }, 'SET #lease = :mine'],
      ['shipments', { shipment_id: { S: 'SHP-1' } }, 'SET #notified = if_not_exists(#notified, :now) REMOVE #lease'],
    ]);
  });

  it('is looked for in each open status, in the two days before those of the parameter', async () => {
    await run();

    const spans = db.commandCalls(QueryCommand).map(({ args }) => args[0].input.ExpressionAttributeValues);
    expect(spans).toEqual(
      OPEN_STATUSES.map((status) =>
        toAttributes({ ':status': status, ':from': NOW - 5 * DAY_MS, ':to': NOW - 3 * DAY_MS }),
      ),
    );
  });
});

describe('a run', () => {
  it('tries all shipments before it fails with one of them, which the next run finds unmarked', async () => {
    standing('in_transit', 'SHP-1', 'SHP-2');
    sns.on(PublishCommand).rejectsOnce(new Error('SNS is down')).resolves({});

    await expect(run()).rejects.toThrow('SNS is down');

    expect(messages()).toHaveLength(2);
    expect(updates().map(({ UpdateExpression }) => UpdateExpression)).toContain('REMOVE #lease');
  });

  it('reports those of the other statuses when one cannot be read, and fails', async () => {
    standing('in_transit', 'SHP-1');
    db.on(QueryCommand, { ExpressionAttributeValues: expectStatus('pending') }).rejects(new Error('throttled'));

    await expect(run()).rejects.toThrow('throttled');

    expect(entries()).toEqual([expect.objectContaining({ Detail: expect.stringContaining('SHP-1') })]);
  });

  it('begins with none when its time is nearly up, and says that it did not finish', async () => {
    standing('in_transit', 'SHP-1');

    expect(await run(14_000)).toEqual({ reported: 0, finished: false });
    expect(updates()).toEqual([]);
  });

  it('asks nothing where the parameter is 0', async () => {
    process.env['STALLED_AFTER_DAYS'] = '0';
    await jest.isolateModulesAsync(async () => {
      handler = await load();
    });

    // Its clients are none of the mocked ones: a call would fail.
    expect(await run()).toEqual({ reported: 0, finished: true });
  });
});
