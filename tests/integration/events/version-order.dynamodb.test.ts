/** The order of events as DynamoDB sees it: as a sort key, and in the conditions that move a shipment's status. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { sortedByDynamoDb } from '../../../cli/conformance/dynamodb-cases';
import { toAttributes } from '../../../src/adapters/attributes';
import { shipments } from '../../../src/adapters/shipments';
import { advanceStatus } from '../../../src/application/advance-status';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { type Versioned, versionOf } from '../../../src/domain/version';
import { compareByDesign, rowByDesign } from '../../support/builders/design-order';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { versioned } from '../../support/builders/versioned';
import { databaseOfFile, UNLIMITED } from '../../support/database';
import { SEED } from '../../support/sample';

const SORTED = 2_000;
const SHIPMENTS = 150;

const database = databaseOfFile();

/** Events of different versions: two of the same version are the same event. */
const distinct = (events: readonly Versioned[]) => [
  ...new Map(events.map((event) => [versionOf(event), event])).values(),
];

/** A table that sorts by version. */
async function versionsTable() {
  const { db } = database();
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
  return { db, TableName };
}

it(`as a sort key is the design’s (${SORTED} events drawn with seed ${SEED})`, async () => {
  const events = distinct(fc.sample(versioned, { numRuns: SORTED, seed: SEED }));

  const { db, TableName } = await versionsTable();
  const found = await sortedByDynamoDb(db, TableName, events.map(versionOf));

  expect(found).toEqual([...events].sort(compareByDesign).map(versionOf));
}, 60_000);

it(`decides every move of a shipment as the design does (${SHIPMENTS} shipments drawn with seed ${SEED})`, async () => {
  const table = shipments(database().db, database().tables.shipments, UNLIMITED);
  const kind = fc.constantFrom(aShipmentEvent, aShipmentEvent, aCorrection);
  const event = fc.tuple(kind, versioned).map(([make, parts]) => make(parts));
  // Most events come twice, anywhere in the order.
  const history = fc
    .array(event, { minLength: 1, maxLength: 8 })
    .chain((events) => fc.shuffledSubarray([...events, ...events], { minLength: events.length }));
  let notified = 0;

  await fc.assert(
    fc.asyncProperty(history, async (deliveries) => {
      notified += 1;
      const shipment_id = `SHP-${notified}`;
      const known: ShipmentEvent[] = [];
      for (const event of deliveries.map((each) => ({ ...each, shipment_id }))) {
        const before = known.length > 0 ? rowByDesign(known) : undefined;
        known.push(event);
        const now = rowByDesign(known);

        expect(await advanceStatus(event, table)).toEqual({
          moved: before === undefined || isAnother(before, now),
          superseded: isAnother(event, now),
          ...(before && { previous: before.status }),
          current: now.status,
        });
      }
      const get = { TableName: database().tables.shipments, Key: { shipment_id: { S: shipment_id } } };
      const { Item } = await database().db.send(new GetItemCommand({ ...get, ConsistentRead: true }));
      expect(Item).toEqual(toAttributes({ ...rowByDesign(known) }));
    }),
    { numRuns: SHIPMENTS, seed: SEED },
  );
}, 120_000);

const isAnother = (a: Versioned, b: Versioned) => a.event_id !== b.event_id || a.timestamp !== b.timestamp;
