/** The whole use case on a real DynamoDB: any order, any duplicates, several writers at once, and the rows are the same. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { notifies } from '../../../contracts/shipment-events';
import { toAttributes } from '../../../src/adapters/attributes';
import { eventLog, logKey } from '../../../src/adapters/event-log';
import { notificationState } from '../../../src/adapters/notification-state';
import { shipments } from '../../../src/adapters/shipments';
import { type RecordPorts, recordShipmentEvent } from '../../../src/application/record-shipment-event';
import { InProgress } from '../../../src/domain/failures';
import { leaseOf } from '../../../src/domain/lease';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { databaseOfFile, UNLIMITED } from '../../support/database';
import { eventOf, history, rowsByDesign } from '../../support/properties/history';
import { SEED } from '../../support/sample';

const HISTORIES = 100;
const LEASE_MS = 15_000;

/** Longer than any lease: the pause Lambda makes before it tries again. */
const RETRY_PAUSE_MS = 60_000;

const database = databaseOfFile();

/** One invocation's ports: the real tables, and a topic that remembers which events it notified. */
function portsOf(requestId: string, now: number, notified: string[]): RecordPorts {
  const { db, tables } = database();
  const lease = leaseOf(now + LEASE_MS, requestId);
  const row = { table: tables.shipmentEvents, leaseName: 'lease', notifiedName: 'notified_at', lease };
  return {
    environment: 'test',
    lease,
    now: () => now,
    ...eventLog(db, tables.shipmentEvents, 0, UNLIMITED),
    ...shipments(db, tables.shipments, UNLIMITED),
    notificationStateOf: (event) => notificationState(db, { ...row, key: logKey(event) }, () => now, UNLIMITED),
    publish: async ({ body }) => {
      notified.push(JSON.parse(body).event_id);
    },
    observer: { count: () => undefined, info: () => undefined, warn: () => undefined },
  };
}

/** Delivers every event, so many at a time; what met another invocation's lease is delivered again. Returns the events that were notified. */
async function deliver(
  events: readonly ShipmentEvent[],
  writers: number,
  now = Date.UTC(2026, 2, 3),
): Promise<string[]> {
  const notified: string[] = [];
  const again: ShipmentEvent[] = [];
  const queue = events.map((event, index) => ({ event, ports: portsOf(`${now}-${index}`, now, notified) }));
  const writer = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { event, ports } = next;
      await recordShipmentEvent(event, ports).catch((error) => {
        if (!(error instanceof InProgress)) throw error;
        again.push(event);
      });
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return again.length === 0 ? notified : [...notified, ...(await deliver(again, writers, now + RETRY_PAUSE_MS))];
}

async function statusRow(shipment_id: string) {
  const get = {
    TableName: database().tables.shipments,
    Key: { shipment_id: { S: shipment_id } },
    ConsistentRead: true,
  };
  return (await database().db.send(new GetItemCommand(get))).Item;
}

it(`${HISTORIES} histories end in the rows that the design wants, each notified once (seed ${SEED})`, async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(history(false), async ({ happenings, deliveries, writers }) => {
      run += 1;
      // Names of their own: the tables keep what earlier histories left.
      const events = happenings.map((happening, index) => {
        const event = eventOf(happening, index);
        return { ...event, event_id: `${run}-${event.event_id}`, shipment_id: `${run}-${event.shipment_id}` };
      });
      const delivered = deliveries.flatMap(({ of }) => events[of] ?? []);

      const notified = await deliver(delivered, writers);

      for (const [shipment, row] of rowsByDesign(events))
        expect(await statusRow(shipment)).toEqual(toAttributes({ ...row }));
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
