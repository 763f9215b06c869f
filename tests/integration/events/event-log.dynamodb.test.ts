import { DescribeTimeToLiveCommand, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { appendAtOnce } from '../../../cli/conformance/dynamodb-cases';
import { eventLog, logKey } from '../../../src/adapters/event-log';
import { notificationState } from '../../../src/adapters/notification-state';
import { processResultOf } from '../../../src/domain/process-result';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aShipmentEvent } from '../../support/builders/events';
import { databaseOfFile, UNLIMITED } from '../../support/database';

const NOW = Date.UTC(2026, 2, 2, 9);

const database = databaseOfFile();
let log: ReturnType<typeof eventLog>;

beforeAll(async () => {
  log = eventLog(database().db, database().tables.shipmentEvents, 0, UNLIMITED);
});

const append = (event: ShipmentEvent, lease?: string) => log.append(event, processResultOf(event, NOW), lease);

const row = async (event: ShipmentEvent) => {
  const get = new GetItemCommand({
    TableName: database().tables.shipmentEvents,
    Key: logKey(event),
    ConsistentRead: true,
  });
  return (await database().db.send(get)).Item;
};

describe('the log', () => {
  it('takes a new event, and stores it as the design says', async () => {
    const event = aShipmentEvent({
      event_id: 'new',
      old_status: 'pending',
      metadata: { carrier: 'NordFreight', estimated_days: 2, parcels: [{ fragile: true, note: null }] },
    });

    expect(await append(event)).toEqual({ created: true });

    expect(await row(event)).toEqual({
      event_id: { S: 'new' },
      timestamp: { N: '1772438400000' },
      shipment_id: { S: 'SHP-1' },
      status: { S: 'in_transit' },
      old_status: { S: 'pending' },
      detail_type: { S: 'Shipment Status Updated' },
      payload_hash: { S: '2:hash' },
      metadata: {
        M: {
          carrier: { S: 'NordFreight' },
          estimated_days: { N: '2' },
          parcels: { L: [{ M: { fragile: { BOOL: true }, note: { NULL: true } } }] },
        },
      },
      process_result: {
        M: {
          processed_at: { S: '2026-03-02T09:00:00.000Z' },
          validations: { L: [{ S: 'status_valid' }, { S: 'carrier_present' }] },
          estimated_delivery: { S: '2026-03-04T08:00:00.000Z' },
        },
      },
    });
  });

  it('answers a known event with what stands there, and leaves it as it is', async () => {
    const event = aShipmentEvent({ event_id: 'known' });
    await append(event, '1772442000000#first');
    const before = await row(event);

    const again = await append({ ...event, payload_hash: '2:other', status: 'delivered' }, '1772442000001#second');

    expect(again).toEqual({ created: false, existing: { payload_hash: '2:hash', lease: '1772442000000#first' } });
    expect(await row(event)).toEqual(before);
  });

  it('says of a known event whether it was notified', async () => {
    const event = aShipmentEvent({ event_id: 'notified' });
    const marked = {
      table: database().tables.shipmentEvents,
      key: logKey(event),
      leaseName: 'lease',
      notifiedName: 'notified_at',
    };
    await append(event, '1772442000000#first');

    await notificationState(
      database().db,
      { ...marked, lease: '1772442000000#first' },
      () => NOW,
      UNLIMITED,
    ).markNotified();

    const existing = { payload_hash: '2:hash', notified_at: '2026-03-02T09:00:00.000Z' };
    expect(await append(event)).toEqual({ created: false, existing });
  });

  it('says of a known event that it was redacted', async () => {
    const event = aShipmentEvent({ event_id: 'redacted' });
    await append(event);
    const redact = new UpdateItemCommand({
      TableName: database().tables.shipmentEvents,
      Key: logKey(event),
      UpdateExpression: 'SET redacted_at = :now',
      ExpressionAttributeValues: { ':now': { S: '2026-03-03T00:00:00.000Z' } },
    });
    await database().db.send(redact);

    expect(await append(event)).toMatchObject({ existing: { redacted_at: '2026-03-03T00:00:00.000Z' } });
  });

  it('keeps a row for the days of retention after its handling, and the first handling counts', async () => {
    const event = aShipmentEvent({ event_id: 'expiring' });
    const days = eventLog(database().db, database().tables.shipmentEvents, 45, UNLIMITED);
    for (const now of [NOW + 999, NOW + 86_400_000]) await days.append(event, processResultOf(event, now), undefined);

    expect((await row(event))?.['ttl']).toEqual({ N: String(NOW / 1_000 + 45 * 86_400) });
    const { TimeToLiveDescription } = await database().db.send(
      new DescribeTimeToLiveCommand({ TableName: database().tables.shipmentEvents }),
    );
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
  });

  it('tells events of one id and different times apart', async () => {
    const event = aShipmentEvent({ event_id: 'same-id' });
    const later = aShipmentEvent({ event_id: 'same-id', timestamp: event.timestamp + 1 });

    expect([await append(event), await append(later)]).toEqual([{ created: true }, { created: true }]);
  });

  it('takes exactly one of many that arrive at once', async () => {
    const event = aShipmentEvent({ event_id: 'at-once' });

    const answers = await appendAtOnce(log, event);

    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });
});
