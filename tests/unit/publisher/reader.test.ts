import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { createReader, OPEN_STATUSES, type StandingShipment } from '../../../publisher/reader';
import { toAttributes } from '../../../src/adapters/attributes';

const db = mockClient(DynamoDBClient);
const at = (day: number) => Date.UTC(2026, 2, day);
const reader = createReader({ environment: 'prod', client: new DynamoDBClient(), now: () => at(6) });

beforeEach(() => db.reset());

const row = (shipment_id: string, day: number, status = 'in_transit') =>
  toAttributes({ shipment_id, status, timestamp: at(day), event_id: `e-${shipment_id}` });
const next = { LastEvaluatedKey: toAttributes({ shipment_id: 'S' }) };

describe('track', () => {
  it('returns the current status and the events of all pages, without their metadata', async () => {
    const logged = { ...row('S', 1, 'pending'), detail_type: { S: 'Shipment Created' } };
    const result = { M: { processed_at: { S: '2026-03-02T00:00:01.000Z' }, estimated_delivery: { S: '2026-03-09' } } };
    db.on(GetItemCommand).resolves({ Item: row('S', 2) });
    db.on(QueryCommand)
      .resolvesOnce({ Items: [logged], ...next })
      .resolves({ Items: [{ ...row('S', 2), process_result: result, notified_at: { S: 'then' } }] });

    expect(await reader.track('S')).toEqual({
      shipment_id: 'S',
      current: { status: 'in_transit', timestamp: at(2), event_id: 'e-S' },
      events: [
        expect.objectContaining({ status: 'pending', detail_type: 'Shipment Created' }),
        expect.objectContaining({ status: 'in_transit', estimated_delivery: '2026-03-09', notified_at: 'then' }),
      ],
    });
    const [first, second] = db.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(first?.TableName).toBe('logistics-shipment-events-prod');
    expect(first?.ProjectionExpression).not.toContain('metadata');
    expect(second?.ExclusiveStartKey).toEqual(next.LastEvaluatedKey);
  });

  it('returns undefined when no event of the shipment was accepted', async () => {
    db.on(GetItemCommand).resolves({}).on(QueryCommand).resolves({});

    expect(await reader.track('S')).toBeUndefined();
  });

  it('returns no current status while the first event is being handled', async () => {
    db.on(GetItemCommand)
      .resolves({})
      .on(QueryCommand)
      .resolves({ Items: [row('S', 2)] });

    expect(await reader.track('S')).toMatchObject({ current: undefined, events: [{}] });
  });

  it('throws for a status of a later stack, naming it', async () => {
    db.on(GetItemCommand)
      .resolves({ Item: row('S', 1, 'teleported') })
      .on(QueryCommand)
      .resolves({});

    await expect(reader.track('S')).rejects.toThrow('"teleported": its reader is older than the stack');
  });
});

describe('list', () => {
  const idsOf = async (options?: Parameters<typeof reader.list>[0]) => {
    const found: StandingShipment[] = [];
    for await (const shipment of reader.list(options)) found.push(shipment);
    return found.map(({ shipment_id }) => shipment_id);
  };

  it('returns the older shipments in a status, and queries no page after the first younger shipment', async () => {
    db.on(QueryCommand)
      .resolvesOnce({ Items: [row('A', 1)], ...next })
      .resolves({ Items: [row('B', 2), row('C', 3), row('D', 4)], ...next });

    expect(await idsOf({ status: 'in_transit', olderThan: 3 * 86_400_000 })).toEqual(['A', 'B']);
    expect(db.commandCalls(QueryCommand)).toHaveLength(2);
  });

  it('returns the shipments in every open status when there are no options', async () => {
    db.on(QueryCommand).resolves({ Items: [row('A', 1)] });

    expect(await idsOf()).toHaveLength(OPEN_STATUSES.length);
  });
});
