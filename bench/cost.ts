/** What an event costs: write units as a DynamoDB engine reports them, to dollars per million events, beside other ways to do the same. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CREDENTIALS, REGION } from '../local/environment';
import { eventLog, logKey } from '../src/adapters/event-log';
import { notificationMarks } from '../src/adapters/notification-marks';
import { shipments } from '../src/adapters/shipments';
import { recordShipmentEvent } from '../src/application/record-shipment-event';
import { leaseOf } from '../src/domain/lease';
import type { ShipmentEvent } from '../src/domain/shipment-event';
import { versionOf } from '../src/domain/version';
import { PRICES } from '../template-src/cost/prices';
import { BILLED_MS, SHIPMENT, WRITE_UNITS } from '../template-src/cost/usage';
import { FUNCTION_FIGURES } from '../template-src/defaults';
import { TABLE_IDS } from '../template-src/tables';
import { template } from '../template-src/template';
import { Meter } from './meter';
import type { Table } from './table';

const HOUR = 3_600_000;

type Kind = keyof typeof WRITE_UNITS;

/** The log's and the statuses' tables, and one without indexes as an idempotency layer has it, on the engine at the endpoint. */
async function createTables(db: DynamoDBClient) {
  const rendered = JSON.parse(JSON.stringify(template.Resources));
  const suffix = Date.now();
  const create = async (name: string, definition: Omit<CreateTableCommandInput, 'TableName' | 'BillingMode'>) => {
    const TableName = `bench-${name}-${suffix}`;
    await db.send(new CreateTableCommand({ ...definition, TableName, BillingMode: 'PAY_PER_REQUEST' }));
    return TableName;
  };
  const ofTemplate = (name: string, id: string) => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = rendered[id].Properties;
    return create(name, { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes });
  };
  return {
    log: await ofTemplate('events', TABLE_IDS.shipmentEvents),
    statuses: await ofTemplate('shipments', TABLE_IDS.shipments),
    once: await create('once', {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  };
}

type Tables = Awaited<ReturnType<typeof createTables>>;

const anEvent = (number: number, status: ShipmentEvent['status'], at: number): ShipmentEvent => {
  const identity = { event_id: `event-${number}`, timestamp: at, status };
  return {
    ...identity,
    shipment_id: 'SHP-1',
    detail_type: 'Shipment Status Updated',
    metadata: { origin: 'Rotterdam', destination: 'Lyon', carrier: 'NordFreight', estimated_days: 4 },
    payload_hash: `1:${'0'.repeat(64)}`,
    version: versionOf(identity),
  };
};

/** The use case itself, on real adapters; only people are told by nobody. */
async function record(db: DynamoDBClient, { log, statuses }: Tables, event: ShipmentEvent): Promise<void> {
  const signal = new AbortController().signal;
  const now = () => Date.now();
  const lease = leaseOf(now() + 15_000, 'bench');
  const row = { table: log, key: logKey(event), leaseName: 'lease', notifiedName: 'notified_at', lease };
  await recordShipmentEvent(event, {
    environment: 'bench',
    lease,
    now,
    ...eventLog(db, log, signal),
    ...shipments(db, statuses, signal),
    marksOf: () => notificationMarks(db, row, now, signal),
    publish: async () => undefined,
    observer: { count: () => undefined, info: () => undefined, warn: () => undefined },
  });
}

/** Two rows in one transaction, which is what people write who do not trust the order of two writes. */
async function inOneTransaction(db: DynamoDBClient, { log, statuses }: Tables): Promise<void> {
  const at = String(Date.now());
  const row = { shipment_id: { S: 'SHP-2' }, status: { S: 'in_transit' }, timestamp: { N: at } };
  await db.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: log, Item: { ...row, event_id: { S: 'transacted' } } } },
        { Put: { TableName: statuses, Item: row } },
      ],
    }),
  );
}

/** What an idempotency layer adds: it puts a record before the work and completes it after. */
async function idempotencyRecord(db: DynamoDBClient, { once }: Tables): Promise<void> {
  const id = { S: 'function#0123456789abcdef' };
  await db.send(new PutItemCommand({ TableName: once, Item: { id, status: { S: 'INPROGRESS' } } }));
  await db.send(
    new UpdateItemCommand({
      TableName: once,
      Key: { id },
      UpdateExpression: 'SET #status = :done',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':done': { S: 'COMPLETED' } },
    }),
  );
}

/**
 * Write units of each kind of event and of the other ways.
 * @param endpoint a DynamoDB engine of AWS's own on this machine
 */
export async function measureUnits(endpoint: string) {
  const db = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const meter = new Meter(db);
  const tables = await createTables(db);
  const start = Date.now() - 10 * HOUR;
  const first = anEvent(1, 'pending', start);
  const events: Readonly<Record<Kind, ShipmentEvent>> = {
    first,
    moved: anEvent(2, 'in_transit', start + HOUR),
    notified: anEvent(3, 'delivered', start + 2 * HOUR),
    duplicate: first,
    superseded: anEvent(4, 'in_transit', start + HOUR / 2),
  };
  const kinds = {} as Record<Kind, Metered>;
  for (const [kind, event] of Object.entries(events) as [Kind, ShipmentEvent][])
    kinds[kind] = await meter.during(() => record(db, tables, event));
  const transaction = await meter.during(() => inOneTransaction(db, tables));
  const idempotency = await meter.during(() => idempotencyRecord(db, tables));
  db.destroy();
  return { kinds, transaction, idempotency };
}

type Metered = Awaited<ReturnType<Meter['during']>>;

const dollars = (each: number) => `$${(each * 1e6).toFixed(2)}`;

/** Write units of each kind of event, and of two other ways, beside what the rules say. */
export async function unitsTable(endpoint: string): Promise<Table> {
  const { kinds, transaction, idempotency } = await measureUnits(endpoint);
  const row = (what: string, { requests, units }: Metered, rule: string) => [
    what,
    String(requests),
    String(units),
    rule,
    dollars(units * PRICES.writeUnit),
  ];
  return {
    head: ['', 'DynamoDB requests', 'write units reported', 'by the rules', 'a million'],
    rows: [
      ...(Object.entries(kinds) as [Kind, Metered][]).map(([kind, metered]) =>
        row(kind, metered, String(WRITE_UNITS[kind])),
      ),
      row('the two rows of a first event in one transaction', transaction, '7'),
      row('an idempotency layer, on top', idempotency, '2'),
    ],
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The most messages that Lambda takes from a queue at once without waiting for more. */
const BATCH = 10;

/** Dollars for a million events of an ordinary shipment (writes and Lambda), beside other ways to the same end. */
export function waysTable(): Table {
  const units = mean(SHIPMENT.map(({ becomes }) => WRITE_UNITS[becomes]));
  const gigabytes = mean(SHIPMENT.map((event) => FUNCTION_FIGURES[event.function].memory / 1_024));
  const duration = (BILLED_MS / 1_000) * gigabytes * PRICES.lambdaGigabyteSecond;
  const own = units * PRICES.writeUnit + PRICES.lambdaRequest + duration;
  const { queueRequest, workflowTransition } = PRICES.unverified;
  // Each message is sent, and received and deleted with nine others; the invocation, and its duration at the very best, is shared.
  const buffer = queueRequest * (1 + 2 / BATCH) - (1 - 1 / BATCH) * (PRICES.lambdaRequest + duration);
  const ways: readonly (readonly [what: string, added: number, how: string])[] = [
    ['this project', 0, `${units} write units, one invocation of ${BILLED_MS} ms`],
    ['both rows in one transaction', 2 * PRICES.writeUnit, 'the two rows count twice: 2 units more'],
    ['an idempotency layer around it', 2 * PRICES.writeUnit, 'two writes more'],
    ['a standard workflow of three states', 3 * workflowTransition, 'three transitions more'],
    [`a queue before it, batches of ${BATCH}, at best`, buffer, '1.2 queue requests more, 0.9 invocations fewer'],
  ];
  return {
    head: ['', 'a million events', 'against this project', 'why'],
    rows: ways.map(([what, added, how]) => [what, dollars(own + added), `${((own + added) / own).toFixed(2)} x`, how]),
  };
}
