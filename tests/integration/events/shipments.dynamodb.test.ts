/** The rows of the shipments table: their attributes and order, writers that race, and the whole use case on random histories. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { sortedByDynamoDb } from '../../../cli/conformance/dynamodb-cases';
import { notifies } from '../../../contracts/shipment-events';
import { toAttributes } from '../../../src/adapters/attributes';
import { eventLog, logKey } from '../../../src/adapters/event-log';
import { notificationState } from '../../../src/adapters/notification-state';
import { shipments } from '../../../src/adapters/shipments';
import { advanceStatus } from '../../../src/application/advance-status';
import { type RecordPorts, recordShipmentEvent } from '../../../src/application/record-shipment-event';
import { InProgress } from '../../../src/domain/failures';
import { leaseOf } from '../../../src/domain/lease';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { rowOf, type ShipmentRow } from '../../../src/domain/shipment-row';
import { versionOf } from '../../../src/domain/version';
import { compareByDesign, rowByDesign } from '../../support/builders/design-order';
import { aCorrection, aShipmentEvent, racingEvents } from '../../support/builders/events';
import { versioned } from '../../support/builders/versioned';
import { databaseOfFile, UNLIMITED } from '../../support/database';
import { history, rowsByDesign, withUniqueIds } from '../../support/properties/history';
import { EXHAUSTIVE, SEED } from '../../support/sample';

const SORTED = 2_000;
const HISTORIES = EXHAUSTIVE ? 400 : 60;
const LEASE_MS = 15_000;

/** Lambda's pause before a retry, longer than any lease. */
const RETRY_PAUSE_MS = 60_000;

const database = databaseOfFile();

const at = (minute: number) => Date.UTC(2026, 2, 2, 8, minute);

const advance = (event: ShipmentEvent, signal = UNLIMITED) =>
  advanceStatus(event, shipments(database().db, database().tables.shipments, signal));

const row = (shipment_id: string) => database().row('shipments', { shipment_id: { S: shipment_id } });

it('a row has the current event, the correction before it and the open event that it hides', async () => {
  const shipment_id = 'STORED';
  await advance(aCorrection({ shipment_id, status: 'pending', timestamp: at(0) }));
  await advance(aShipmentEvent({ shipment_id, status: 'delivered', timestamp: at(1) }));
  await advance(aShipmentEvent({ shipment_id, status: 'in_transit', timestamp: at(5), event_id: 'e-5' }));

  expect(await row(shipment_id)).toEqual({
    shipment_id: { S: shipment_id },
    status: { S: 'delivered' },
    timestamp: { N: '1772438460000' },
    event_id: { S: 'e-1' },
    version: { S: '2#0001772438400000#1#0001772438460000#7#e-1' },
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
  it.each(Array.from({ length: 20 }, (_, round) => round))(
    'leave the designed row: ten, three of them with corrections (round %i)',
    async (round) => {
      const shipment_id = `RACE-${round}`;
      const events = racingEvents(shipment_id, round, 3);

      await Promise.all(events.map((event) => advance(event)));

      expect(await row(shipment_id)).toEqual(toAttributes({ ...rowByDesign(events) }));
    },
  );

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

/** The status write of release 0.1.0. */
async function putByRelease(event: ShipmentEvent): Promise<void> {
  const { shipment_id, status, timestamp, event_id } = event;
  const version = versionOf(event);
  const put = new PutItemCommand({
    TableName: database().tables.shipments,
    Item: toAttributes({ shipment_id, status, timestamp, event_id, version }),
    ConditionExpression: 'attribute_not_exists(shipment_id) OR version < :version',
    ExpressionAttributeValues: { ':version': { S: version } },
  });
  await database()
    .db.send(put)
    .catch((error: Error) => {
      if (error.name !== 'ConditionalCheckFailedException') throw error;
    });
}

describe('the status write of release 0.1.0', () => {
  it('leaves a corrected shipment unchanged', async () => {
    await advance(aCorrection({ shipment_id: 'OLDER', status: 'pending', timestamp: at(0) }));
    const before = await row('OLDER');

    await putByRelease(aShipmentEvent({ shipment_id: 'OLDER', status: 'delivered', timestamp: at(9) }));

    expect(await row('OLDER')).toEqual(before);
  });

  it('makes this release read the row again when it comes between two of its writes', async () => {
    const shipment_id = 'BETWEEN';
    const table = shipments(database().db, database().tables.shipments, UNLIMITED);
    const events = [
      aShipmentEvent({ shipment_id, status: 'delivered', event_id: 'e-1', timestamp: at(1) }),
      aShipmentEvent({ shipment_id, status: 'returned', event_id: 'e-2', timestamp: at(2) }),
      aShipmentEvent({ shipment_id, status: 'failed', event_id: 'e-5', timestamp: at(5) }),
    ] as const;
    await advance(events[0]);

    await advanceStatus(events[2], {
      async putStatus(next, seen) {
        if (seen?.event_id === 'e-1') await putByRelease(events[1]);
        return table.putStatus(next, seen);
      },
    });

    expect(await row(shipment_id)).toMatchObject({
      event_id: { S: 'e-2' },
      hidden_event: { S: versionOf(events[2]) },
    });
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

/** Ports of one invocation: the real tables, and a topic that records the events that it notified. */
function portsOf(requestId: string, now: number, notified: string[]): RecordPorts {
  const { db, tables } = database();
  const lease = leaseOf(now + LEASE_MS, requestId);
  const notifiable = { table: tables.shipmentEvents, leaseName: 'lease', notifiedName: 'notified_at', lease };
  return {
    environment: 'test',
    lease,
    now: () => now,
    ...eventLog(db, tables.shipmentEvents, 0, UNLIMITED),
    ...shipments(db, tables.shipments, UNLIMITED),
    notificationStateOf: (event) => notificationState(db, { ...notifiable, key: logKey(event) }, () => now, UNLIMITED),
    publish: async ({ body }) => {
      notified.push(JSON.parse(body).event_id);
    },
    observer: { count: () => undefined, info: () => undefined, warn: () => undefined },
  };
}

/** Delivers every event with this many concurrent writers, and again after a lease in progress. Returns the events that were notified. */
async function deliver(
  events: readonly ShipmentEvent[],
  writers: number,
  now = Date.UTC(2026, 2, 3),
): Promise<string[]> {
  const notified: string[] = [];
  const again: ShipmentEvent[] = [];
  const waiting = events.entries();
  const writer = async () => {
    for (const [index, event] of waiting) {
      await recordShipmentEvent(event, portsOf(`${now}-${index}`, now, notified)).catch((error) => {
        if (!(error instanceof InProgress)) throw error;
        again.push(event);
      });
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return again.length === 0 ? notified : [...notified, ...(await deliver(again, writers, now + RETRY_PAUSE_MS))];
}

it(`${HISTORIES} histories end in the designed rows, each event notified once (seed ${SEED})`, async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(history(false), async (drawn) => {
      run += 1;
      // The tables still contain the rows of earlier histories.
      const { events, deliveries } = withUniqueIds(drawn, run);

      const notified = await deliver(deliveries, drawn.writers);

      for (const [shipment, designed] of rowsByDesign(events))
        expect(await row(shipment)).toEqual(toAttributes({ ...designed }));
      expect(notified.sort()).toEqual(
        events
          .filter(notifies)
          .map(({ event_id }) => event_id)
          .sort(),
      );
    }),
    { numRuns: HISTORIES, seed: SEED },
  );
}, 120_000);
