import { readFileSync } from 'node:fs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { itemSize } from '../../../../bench/write-units/item';
import type { LambdaHandler } from '../../../../src/runtime/event-handler';
import {
  CHANGE_LOG_BYTES,
  EVENT_BYTES,
  LOG_BYTES,
  LOG_ROW_BYTES,
  WEBHOOK_LOG_BYTES,
} from '../../../../tools/cost/usage';
import { anEnvelope, aShipmentEvent } from '../../../support/builders/events';
import { db, everythingWorks, LOGGING, loadHandlers } from '../../../support/builders/handlers';
import { aContext } from '../../../support/builders/lambda';
import { capturedLines, type Line } from '../../../support/builders/log-lines';
import { aRow, aStreamRecord } from '../../../support/builders/stream-records';
import { aWebhook, SETTINGS } from '../../../support/builders/webhook-calls';

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

/** CloudWatch adds 26 bytes to each line it is sent. */
const bytesOf = (lines: readonly Line[]) =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(JSON.stringify(line)) + 26, 0);

const rowOfTheLog = () => db.commandCalls(PutItemCommand, { TableName: 'events' })[0]?.args[0].input.Item ?? {};

describe('the bytes of docs/cost.md', () => {
  it('of the log lines are those of an ordinary event, and of its change of the status', async () => {
    process.env['_X_AMZN_TRACE_ID'] = 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0';
    const context = {
      ...aContext(30_000, '8a1f3f0e-93a5-4c70-b6f6-0d8f8c3a2f11'),
      functionName: 'logistics-status-updater-staging',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:logistics-status-updater-staging',
      memoryLimitInMB: '128',
    } as Context;

    const lines = await capturedLines(async () => void (await updater(anEvent(), context)));

    expect(lines).toHaveLength(2);
    expect(bytesOf(lines)).toBeLessThanOrEqual(LOG_BYTES);
    expect(bytesOf(lines)).toBeGreaterThan(LOG_BYTES * 0.85);

    const published = await capturedLines(async () => {
      const { handler } = await import('../../../../src/handlers/status-publisher');
      await handler({ Records: [aStreamRecord(aRow(aShipmentEvent()))] }, context);
    });

    expect(published).toHaveLength(2);
    expect(bytesOf(published)).toBeLessThanOrEqual(CHANGE_LOG_BYTES);
    expect(bytesOf(published)).toBeGreaterThan(CHANGE_LOG_BYTES * 0.85);

    const ssm = mockClient(SSMClient);
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: SETTINGS } });
    const taken = await capturedLines(async () => {
      const { handler } = await import('../../../../src/handlers/carrier-webhook');
      await handler(aWebhook('aftership'), context);
    });

    expect(taken).toHaveLength(2);
    expect(bytesOf(taken)).toBeLessThanOrEqual(WEBHOOK_LOG_BYTES);
    expect(bytesOf(taken)).toBeGreaterThan(WEBHOOK_LOG_BYTES * 0.85);
  });

  it('of its row in the log and both indexes are those of an ordinary event, within a write unit each', async () => {
    await capturedLines(async () => void (await updater(anEvent('delivered'), aContext())));

    const row = itemSize(rowOfTheLog());

    expect(row).toBeLessThan(1_024);
    expect(3 * (row + 100)).toBeLessThanOrEqual(LOG_ROW_BYTES);
    expect(3 * (row + 100)).toBeGreaterThan(LOG_ROW_BYTES * 0.9);
  });

  it('of an event in the archive are those of a sample', () => {
    const sample = JSON.parse(readFileSync('events/shipment-processor/created-in-transit.json', 'utf8'));

    const bytes = JSON.stringify(sample).length;

    expect(bytes).toBeLessThanOrEqual(EVENT_BYTES);
    expect(bytes).toBeGreaterThan(EVENT_BYTES * 0.5);
  });
});
