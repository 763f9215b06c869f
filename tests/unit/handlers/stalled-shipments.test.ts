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

/** aws-sdk-client-mock matches a request that has these values. */
const queryOf = (status: Status) =>
  db.on(QueryCommand, { ExpressionAttributeValues: toAttributes({ ':status': status }) });

/** Puts shipments into the index that have had a status for three and a half days. */
const stalledIn = (status: Status, ...shipments: string[]) =>
  queryOf(status).resolves({
    Items: shipments.map((shipment_id) =>
      toAttributes({ ...aRow(aShipmentEvent({ shipment_id, status, timestamp: NOW - 3.5 * DAY_MS })) }),
    ),
  });

const updates = () => db.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input);
const entries = () => events.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries ?? []);
const messages = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);

describe('a stalled shipment', () => {
  it('is reported as an event and a message, and its row is marked', async () => {
    stalledIn('in_transit', 'SHP-1');

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

  it('is queried in each open status, in the two days before those of the parameter', async () => {
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
  it('tries all shipments before it fails with the error of one, which stays unmarked', async () => {
    stalledIn('in_transit', 'SHP-1', 'SHP-2');
    sns.on(PublishCommand).rejectsOnce(new Error('SNS is down')).resolves({});

    await expect(run()).rejects.toThrow('SNS is down');

    expect(messages()).toHaveLength(2);
    expect(updates().map(({ UpdateExpression }) => UpdateExpression)).toContain('REMOVE #lease');
  });

  it('reports the shipments of other statuses when one status cannot be read, and fails', async () => {
    stalledIn('in_transit', 'SHP-1');
    queryOf('pending').rejects(new Error('throttled'));

    await expect(run()).rejects.toThrow('throttled');

    expect(entries()).toEqual([expect.objectContaining({ Detail: expect.stringContaining('SHP-1') })]);
  });

  it('begins no report when its time is nearly up, and returns that it did not finish', async () => {
    stalledIn('in_transit', 'SHP-1');

    expect(await run(14_000)).toEqual({ reported: 0, finished: false });
    expect(updates()).toEqual([]);
  });

  it('makes no call when the parameter is 0', async () => {
    process.env['STALLED_AFTER_DAYS'] = '0';
    await jest.isolateModulesAsync(async () => {
      handler = await load();
    });

    // The clients of this copy of the handler are not mocked: a call would fail.
    expect(await run()).toEqual({ reported: 0, finished: true });
  });
});
