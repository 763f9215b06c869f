/** The rows of the shipments table: their attributes and order, and writers that race. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { sortedByDynamoDb } from '../../../cli/conformance/dynamodb-cases';
import { toAttributes } from '../../../src/adapters/attributes';
import { shipments } from '../../../src/adapters/shipments';
import { advanceStatus } from '../../../src/application/advance-status';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { rowOf, type ShipmentRow } from '../../../src/domain/shipment-row';
import { versionOf } from '../../../src/domain/version';
import { compareByDesign, rowByDesign } from '../../support/builders/design-order';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { versioned } from '../../support/builders/versioned';
import { databaseOfFile, UNLIMITED } from '../../support/database';
import { SEED } from '../../support/sample';

const SORTED = 2_000;

const database = databaseOfFile();

const at = (minute: number) => Date.UTC(2026, 2, 2, 8, minute);

const advance = (event: ShipmentEvent, signal = UNLIMITED) =>
  advanceStatus(event, shipments(database().db, database().tables.shipments, signal));

const row = (shipment_id: string) => database().row('shipments', { shipment_id: { S: shipment_id } });

it('a row has the current event, the correction before it and the open event that it hides', async () => {
  const shipment_id = 'STORED';
  // The second and the third are greater than the row, and would lose its event at minute 5.
  await advance(aShipmentEvent({ shipment_id, status: 'in_transit', timestamp: at(5), event_id: 'e-5' }));
  await advance(aShipmentEvent({ shipment_id, status: 'delivered', timestamp: at(1) }));
  await advance(aShipmentEvent({ shipment_id, status: 'returned', timestamp: at(3), event_id: 'e-3' }));
  await advance(aCorrection({ shipment_id, status: 'pending', timestamp: at(0) }));

  expect(await row(shipment_id)).toEqual({
    shipment_id: { S: shipment_id },
    status: { S: 'returned' },
    timestamp: { N: '1772438580000' },
    event_id: { S: 'e-3' },
    version: { S: '2#0001772438400000#1#0001772438580000#6#e-3' },
    last_correction: { S: '0#0001772438400000#0#c-1' },
    hidden_event: { S: '0#0001772438700000#1#e-5' },
  });
});

describe('a joined row', () => {
  const seen = rowOf('SEEN', {
    correction: aCorrection({ timestamp: at(0) }),
    closed: aShipmentEvent({ status: 'delivered', timestamp: at(1) }),
    open: aShipmentEvent({ event_id: 'e-5', timestamp: at(5) }),
  });
  const { hidden_event, last_correction, ...bare } = seen;
  const older = versionOf(aShipmentEvent({ event_id: 'e-4', timestamp: at(4) }));

  it.each<[string, ShipmentRow, boolean]>([
    ['replaces the row that was read', seen, true],
    [
      'does not replace a row with another current event',
      { ...seen, version: bare.version.replace('e-1', 'e-2') },
      false,
    ],
    ['does not replace a row with another hidden event', { ...seen, hidden_event: older }, false],
    ['does not replace a row with another correction', { ...seen, last_correction: older }, false],
    ['does not replace a row without a hidden event', { ...bare, last_correction: older }, false],
    ['does not replace a row without a correction', { ...bare, hidden_event: older }, false],
  ])('%s', async (_, existing, isPut) => {
    const { db, tables } = database();
    await db.send(new PutItemCommand({ TableName: tables.shipments, Item: toAttributes({ ...existing }) }));

    const answer = await shipments(db, tables.shipments, UNLIMITED).putStatus({ ...seen, status: 'returned' }, seen);

    expect(answer).toEqual(isPut ? { put: true, replaced: existing } : { put: false, found: existing });
  });

  it('is not put when the row no longer exists', async () => {
    const table = shipments(database().db, database().tables.shipments, UNLIMITED);

    expect(await table.putStatus({ ...seen, shipment_id: 'GONE' }, { ...seen, shipment_id: 'GONE' })).toEqual({
      put: false,
    });
  });
});

describe('writers that race on one shipment', () => {
  it('leave the designed row: ten, three of them with corrections', async () => {
    const statuses = ['in_transit', 'delivered', 'failed', 'out_for_delivery', 'returned'] as const;
    // Rounds differ, so that open and closed statuses win in turn.
    for (let round = 0; round < 20; round += 1) {
      const shipment_id = `RACE-${round}`;
      const events = Array.from({ length: 10 }, (_, index) =>
        (index < 3 ? aCorrection : aShipmentEvent)({
          shipment_id,
          event_id: `${shipment_id}-${index}`,
          status: statuses[(index * (round + 3)) % statuses.length] ?? 'pending',
          timestamp: at((index * 7 + round) % 6),
        }),
      );

      await Promise.all(events.map((event) => advance(event)));

      expect(await row(shipment_id)).toEqual(toAttributes({ ...rowByDesign(events) }));
    }
  });

  it('stop at the deadline when another writer is always faster', async () => {
    const { db, tables } = database();
    const deadline = new AbortController();
    const table = shipments(db, tables.shipments, deadline.signal);
    const shipment_id = 'ENDLESS';
    await advance(aShipmentEvent({ shipment_id, status: 'delivered', timestamp: at(0) }));
    let others = 0;

    const slow = advanceStatus(aShipmentEvent({ shipment_id, event_id: 'slow', timestamp: at(59) }), {
      async putStatus(next, seen) {
        others += 1;
        await advance(aShipmentEvent({ shipment_id, event_id: `fast-${others}`, timestamp: at(others) }));
        if (others === 5) deadline.abort();
        return table.putStatus(next, seen);
      },
    });

    await expect(slow).rejects.toMatchObject({ name: 'AbortError' });
    expect(others).toBe(5);
  });
});

it(`the version as a sort key has the design’s order (${SORTED} events drawn with seed ${SEED})`, async () => {
  const drawn = fc.sample(versioned, { numRuns: SORTED, seed: SEED });
  // Events with the same version are the same event.
  const events = [...new Map(drawn.map((event) => [versionOf(event), event])).values()];

  const TableName = await database().create({
    AttributeDefinitions: [
      { AttributeName: 'shipment_id', AttributeType: 'S' },
      { AttributeName: 'version', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'shipment_id', KeyType: 'HASH' },
      { AttributeName: 'version', KeyType: 'RANGE' },
    ],
  });
  const found = await sortedByDynamoDb(database().db, TableName, events.map(versionOf));

  expect(found).toEqual([...events].sort(compareByDesign).map(versionOf));
}, 60_000);
