/** The indexes in docs/architecture.md's table of accesses, after real writes; event-log and version-order read the keys of the tables. */
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { errorTable } from '../../../src/adapters/error-table';
import { eventLog } from '../../../src/adapters/event-log';
import { shipments } from '../../../src/adapters/shipments';
import { advanceStatus } from '../../../src/application/advance-status';
import { processResultOf } from '../../../src/domain/process-result';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aShipmentEvent } from '../../support/builders/events';
import { databaseOfFile, UNLIMITED } from '../../support/database';

const START = Date.UTC(2026, 2, 2, 8);
const HOUR = 3_600_000;

/** Two shipments; their events reach the log in another order than they happened, and their ids sort in a third. */
const HISTORY: readonly ShipmentEvent[] = [
  aShipmentEvent({ event_id: 'a1', shipment_id: 'SHP-A', status: 'delivered', timestamp: START + 3 * HOUR }),
  aShipmentEvent({ event_id: 'b1', shipment_id: 'SHP-B', status: 'in_transit', timestamp: START + 2 * HOUR }),
  aShipmentEvent({ event_id: 'a3', shipment_id: 'SHP-A', status: 'pending', timestamp: START }),
  aShipmentEvent({ event_id: 'a2', shipment_id: 'SHP-A', status: 'in_transit', timestamp: START + HOUR }),
];

const database = databaseOfFile();

beforeAll(async () => {
  const log = eventLog(database().db, database().tables.shipmentEvents, 0, UNLIMITED);
  const current = shipments(database().db, database().tables.shipments, UNLIMITED);
  for (const event of HISTORY) {
    await log.append(event, processResultOf(event, START), undefined);
    await advanceStatus(event, current);
  }
});

async function query(input: QueryCommandInput, attribute: string): Promise<(string | undefined)[]> {
  const { Items = [] } = await database().db.send(new QueryCommand(input));
  return Items.map((item) => item[attribute]?.S ?? item[attribute]?.N);
}

it('a shipment’s events, in the order they happened', async () => {
  const ofShipment = {
    TableName: database().tables.shipmentEvents,
    IndexName: 'shipment-index',
    KeyConditionExpression: 'shipment_id = :id',
    ExpressionAttributeValues: { ':id': { S: 'SHP-A' } },
  };
  expect(await query(ofShipment, 'event_id')).toEqual(['a3', 'a2', 'a1']);
});

it('the events of a status in a span of time', async () => {
  const inSpan = {
    TableName: database().tables.shipmentEvents,
    IndexName: 'status-index',
    KeyConditionExpression: '#status = :status AND #timestamp BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#status': 'status', '#timestamp': 'timestamp' },
    ExpressionAttributeValues: {
      ':status': { S: 'in_transit' },
      ':from': { N: String(START) },
      ':to': { N: String(START + HOUR) },
    },
  };
  expect(await query(inSpan, 'event_id')).toEqual(['a2']);
});

it('the shipments that stand in a status, and since when', async () => {
  const inStatus = {
    TableName: database().tables.shipments,
    IndexName: 'status-index',
    KeyConditionExpression: '#status = :status',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':status': { S: 'in_transit' } },
  };
  expect(await query(inStatus, 'shipment_id')).toEqual(['SHP-B']);
  expect(await query(inStatus, 'timestamp')).toEqual([String(START + 2 * HOUR)]);
});

it('what happened to a failed event, without knowing its time', async () => {
  const error_id = 'logistics-status-updater-dev/e-1';
  await errorTable(database().db, database().tables.errorEvents, () => START, UNLIMITED).record({
    error_id,
    timestamp: START,
    error_type: 'rejected',
    error_message: 'no status',
    function_name: 'logistics-status-updater-dev',
    shipment_id: 'SHP-A',
    event: '{}',
  });
  const ofEvent = {
    TableName: database().tables.errorEvents,
    KeyConditionExpression: 'error_id = :id',
    ExpressionAttributeValues: { ':id': { S: error_id } },
  };
  expect(await query(ofEvent, 'error_message')).toEqual(['no status']);
});

it('what was refused of a shipment', async () => {
  const ofShipment = {
    TableName: database().tables.errorEvents,
    IndexName: 'shipment-index',
    KeyConditionExpression: 'shipment_id = :id',
    ExpressionAttributeValues: { ':id': { S: 'SHP-A' } },
  };
  expect(await query(ofShipment, 'error_id')).toEqual(['logistics-status-updater-dev/e-1']);
});
