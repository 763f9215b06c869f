import { readFileSync } from 'node:fs';
import { type AttributeValue, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { TABLES } from '../../../contracts/tables';
import type { LambdaHandler } from '../../../src/runtime/event-handler';
import { EVENT_BYTES, LOG_BYTES, LOG_ROW_BYTES, WRITE_UNITS } from '../../../template-src/cost/usage';
import { anEnvelope } from '../builders/events';
import { db, everythingWorks, inTheLog, LOGGING, loadHandlers, recordedStatus } from '../builders/handlers';
import { aContext, conditionFailed } from '../builders/lambda';
import { capturedLines } from '../builders/log-lines';

let updater: LambdaHandler;

beforeAll(async () => {
  updater = (await loadHandlers(LOGGING))['status-updater'];
});

beforeEach(everythingWorks);

/** An event with identifiers as long as real ones. */
const anEvent = (status = 'in_transit') => ({
  ...anEnvelope({ id: '7bf73129-1428-4cd3-a780-95db273d1602' }, { status, shipment_id: 'SHP-2026-0001001' }),
  detail: {
    shipment_id: 'SHP-2026-0001001',
    status,
    metadata: { origin: 'Rotterdam', destination: 'Lyon', carrier: 'NordFreight', estimated_days: 4 },
  },
});

const puts = (table: string) =>
  db
    .commandCalls(PutItemCommand)
    .map((call) => call.args[0].input)
    .filter(({ TableName }) => TableName === table);

/** What the writes of one invocation take by DynamoDB's rules, each item within 1 KB. */
function writeUnits(what: { isNew: boolean; moves: boolean; changesStatus: boolean }): number {
  const logIndexes = Object.keys(TABLES.shipmentEvents.indexes).length;
  const log = puts('events').length * (what.isNew ? 1 + logIndexes : 1);
  const status = puts('shipments').length * (what.moves ? 1 + (what.changesStatus ? 2 : 1) : 1);
  const marks = db.commandCalls(UpdateItemCommand).length * (1 + logIndexes);
  return log + status + marks;
}

/** The bytes of an attribute as DynamoDB counts them: names and texts as UTF-8, a number by its digits, three for a collection. */
function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, item): number => sum + 1 + sizeOf(item), 0);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

const itemSize = (item: Record<string, AttributeValue>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);

describe('the write units of docs/cost.md', () => {
  it.each([
    ['first', 'in_transit', everythingWorks, { isNew: true, moves: true, changesStatus: false }],
    ['moved', 'in_transit', () => recordedStatus('pending'), { isNew: true, moves: true, changesStatus: true }],
    ['notified', 'delivered', () => recordedStatus('in_transit'), { isNew: true, moves: true, changesStatus: true }],
    [
      'superseded',
      'in_transit',
      () =>
        db
          .on(PutItemCommand, { TableName: 'shipments' })
          .rejects(conditionFailed({ status: { S: 'delivered' }, version: { S: '1#9' } })),
      { isNew: true, moves: false, changesStatus: false },
    ],
  ] as const)('of an event that is %s are those of its calls', async (becomes, status, given, what) => {
    given();

    await updater(anEvent(status), aContext());

    expect(writeUnits(what)).toBe(WRITE_UNITS[becomes]);
  });

  it('of a duplicate are those of its calls', async () => {
    await updater(anEvent(), aContext());
    const hash = puts('events')[0]?.Item?.['payload_hash']?.S ?? '';
    everythingWorks();
    inTheLog(hash);
    db.on(PutItemCommand, { TableName: 'shipments' }).rejects(
      conditionFailed({ status: { S: 'in_transit' }, version: { S: '0' } }),
    );

    await updater(anEvent(), aContext());

    expect(writeUnits({ isNew: false, moves: false, changesStatus: false })).toBe(WRITE_UNITS.duplicate);
  });

  it('are for items of up to 1 KB, which an ordinary row is', async () => {
    await updater(anEvent('delivered'), aContext());

    const row = itemSize(puts('events')[0]?.Item ?? {});

    expect(row).toBeLessThan(1_024);
    expect(3 * (row + 100)).toBeLessThanOrEqual(LOG_ROW_BYTES);
    expect(3 * (row + 100)).toBeGreaterThan(LOG_ROW_BYTES * 0.9);
  });
});

describe('the bytes of docs/cost.md', () => {
  it('of the log lines are those of an ordinary event', async () => {
    process.env['_X_AMZN_TRACE_ID'] = 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0';
    const context = {
      ...aContext(30_000, '8a1f3f0e-93a5-4c70-b6f6-0d8f8c3a2f11'),
      functionName: 'logistics-status-updater-staging',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:logistics-status-updater-staging',
      memoryLimitInMB: '128',
    } as Context;

    const lines = await capturedLines(async () => void (await updater(anEvent(), context)));

    // CloudWatch adds 26 bytes to each line it is sent.
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(JSON.stringify(line)) + 26, 0);
    expect(lines).toHaveLength(2);
    expect(bytes).toBeLessThanOrEqual(LOG_BYTES);
    expect(bytes).toBeGreaterThan(LOG_BYTES * 0.85);
  });

  it('of an event in the archive are those of a sample', () => {
    const sample = JSON.parse(readFileSync('events/shipment-processor/created-in-transit.json', 'utf8'));

    const bytes = JSON.stringify(sample).length;

    expect(bytes).toBeLessThanOrEqual(EVENT_BYTES);
    expect(bytes).toBeGreaterThan(EVENT_BYTES * 0.5);
  });
});
