import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { HANDLER_ENVIRONMENT } from '../../support/builders/handler-environment';
import { db, events, everythingWorks } from '../../support/builders/handlers';
import { aContext } from '../../support/builders/lambda';
import { aRow, aStreamRecord } from '../../support/builders/stream-records';

// Refused entries are retried after pauses.
jest.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

let handler: (input: { Records: DynamoDBRecord[] }, context: Context) => Promise<DynamoDBBatchResponse>;

beforeAll(async () => {
  Object.assign(process.env, HANDLER_ENVIRONMENT, { POWERTOOLS_METRICS_DISABLED: 'true' });
  handler = (await import('../../../src/handlers/status-publisher')).handler;
});

beforeEach(everythingWorks);

const run = async (...Records: DynamoDBRecord[]) => {
  const { batchItemFailures } = await handler({ Records }, aContext());
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};

const positionOf = (record: DynamoDBRecord | undefined) => record?.dynamodb?.SequenceNumber;

/** The entries of each call, in order. */
const calls = () => events.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

const entries = () => calls().flat();
const details = () => entries().map(({ Detail = '' }) => JSON.parse(Detail));
const shipments = () => calls().map((call) => call.map(({ Detail = '' }) => JSON.parse(Detail).shipment_id));

const aChange = (id: number) => aStreamRecord(aRow(aShipmentEvent({ shipment_id: `SHP-${id}` })));
const changes = (count: number) => Array.from({ length: count }, (_, id) => aChange(id));

/** Makes the bus refuse the entries of these shipments so many times. */
function refuse(times: Readonly<Record<string, number>>, ErrorCode = 'ThrottlingException') {
  const remaining = new Map(Object.entries(times));
  events.on(PutEventsCommand).callsFake(({ Entries }) => {
    const results = Entries.map(({ Detail }: { Detail: string }): PutEventsResultEntry => {
      const { shipment_id } = JSON.parse(Detail);
      const refusals = remaining.get(shipment_id) ?? 0;
      remaining.set(shipment_id, refusals - 1);
      return refusals > 0 ? { ErrorCode, ErrorMessage: 'no' } : { EventId: 'e' };
    });
    const failed = results.filter((result: PutEventsResultEntry) => result.ErrorCode).length;
    return { FailedEntryCount: failed, Entries: results };
  });
}

describe('a change of a shipment', () => {
  it('is published with the previous status, even the same one, and without metadata', async () => {
    const before = aRow(aShipmentEvent());
    const after = aRow(aShipmentEvent({ event_id: 'e-2', timestamp: Date.UTC(2026, 2, 2, 9) }));

    expect(await run(aStreamRecord(after, before))).toEqual([]);

    expect(entries()).toEqual([
      {
        EventBusName: 'bus',
        Source: 'logistics.status',
        DetailType: 'Shipment Status Changed',
        Detail: JSON.stringify({
          shipment_id: 'SHP-1',
          status: 'in_transit',
          previous_status: 'in_transit',
          occurred_at: '2026-03-02T09:00:00.000Z',
          event_id: 'e-2',
          version: after.version,
          corrected: false,
        }),
      },
    ]);
  });

  it('has no previous status when the shipment is new, and has `corrected` when a correction counts', async () => {
    await run(aStreamRecord(aRow(aCorrection())));

    expect(details()).toEqual([expect.objectContaining({ corrected: true })]);
    expect(details()[0]).not.toHaveProperty('previous_status');
  });

  it('is not published when only the hidden event has changed, or when the row was deleted', async () => {
    const row = aRow(aShipmentEvent({ status: 'delivered' }));

    await run(
      aStreamRecord({ ...row, hidden_event: '0#0000001772442000000#1#e-9' }, row),
      aStreamRecord(undefined, row),
    );

    expect(entries()).toEqual([]);
  });
});

describe('a batch', () => {
  it('is published ten changes at a time, in the order of the stream', async () => {
    await run(...changes(23));

    expect(calls().map((call) => call.length)).toEqual([10, 10, 3]);
    expect(shipments().flat()).toEqual(changes(23).map((_, id) => `SHP-${id}`));
  });

  it('retries only the refused entries, in the same invocation', async () => {
    refuse({ 'SHP-1': 1, 'SHP-3': 2 });

    expect(await run(...changes(5))).toEqual([]);

    expect(shipments().slice(1)).toEqual([['SHP-1', 'SHP-3'], ['SHP-3']]);
  });

  it('is retried by Lambda from the first entry that stays refused, and stops at its call', async () => {
    refuse({ 'SHP-13': Number.POSITIVE_INFINITY });
    const records = changes(30);

    expect(await run(...records)).toEqual([positionOf(records[13])]);

    expect(shipments()[0]).toHaveLength(10);
    expect(shipments().flat()).not.toContain('SHP-20');
  });

  it('is retried by Lambda from the first entry of a call that failed', async () => {
    events.on(PutEventsCommand).resolvesOnce({ FailedEntryCount: 0 }).rejects(new Error('bus is down'));
    const records = changes(12);

    expect(await run(...records)).toEqual([positionOf(records[10])]);
  });

  it('fails when its time is up', async () => {
    events.on(PutEventsCommand).callsFake(() => new Promise(() => undefined));

    await expect(handler({ Records: changes(1) }, aContext(3_050))).rejects.toThrow('not done');
  });
});

describe('a row that cannot be read', () => {
  const unreadable = () => aStreamRecord({ ...aRow(aShipmentEvent({ shipment_id: 'SHP-X' })), status: 'lost' });

  it('is recorded, announced and skipped, and the others are published', async () => {
    const [first, last] = changes(2);
    const poisoned = unreadable();

    expect(await run(first as DynamoDBRecord, poisoned, last as DynamoDBRecord)).toEqual([]);

    const [row] = db.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input);
    expect(row?.Key?.['error_id']).toEqual({ S: `logistics-status-publisher-dev/${poisoned.eventID}` });
    expect(row?.ExpressionAttributeValues).toMatchObject({
      ':error_type': { S: 'rejected' },
      ':shipment_id': { S: 'SHP-X' },
      ':error_message': { S: expect.stringContaining('no known status: lost') },
    });
    expect(entries().map(({ DetailType }) => DetailType)).toEqual([
      'Event Failed',
      'Shipment Status Changed',
      'Shipment Status Changed',
    ]);
  });

  it('fails its batch when it cannot be recorded', async () => {
    db.on(UpdateItemCommand).rejects(new Error('no table'));

    await expect(run(unreadable())).rejects.toThrow('no table');
  });
});
