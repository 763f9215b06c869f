import { readFileSync } from 'node:fs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
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
import { itemSize } from '../../../support/write-units';

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

/** Billed bytes: CloudWatch adds 26 to each line. */
const bytesOf = (lines: readonly Line[]) =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(JSON.stringify(line)) + 26, 0);

/** Expects two log lines from the work, with at most these bytes and at least 85 % of them. */
async function expectBytes(work: () => Promise<unknown>, bytes: number): Promise<void> {
  const lines = await capturedLines(async () => void (await work()));
  expect(lines).toHaveLength(2);
  expect(bytesOf(lines)).toBeLessThanOrEqual(bytes);
  expect(bytesOf(lines)).toBeGreaterThan(bytes * 0.85);
}

describe('the bytes of docs/cost.md', () => {
  it('match the log lines about an event, a change of a status and a webhook', async () => {
    process.env['_X_AMZN_TRACE_ID'] = 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0';
    const context = {
      ...aContext(30_000, '8a1f3f0e-93a5-4c70-b6f6-0d8f8c3a2f11'),
      functionName: 'logistics-status-updater-staging',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:logistics-status-updater-staging',
      memoryLimitInMB: '128',
    } as Context;

    const publisher = await import('../../../../src/handlers/status-publisher');
    const webhooks = await import('../../../../src/handlers/carrier-webhook');
    mockClient(SSMClient)
      .on(GetParameterCommand)
      .resolves({ Parameter: { Value: SETTINGS } });

    await expectBytes(() => updater(anEvent(), context), LOG_BYTES);
    const change = aStreamRecord(aRow(aShipmentEvent()));
    await expectBytes(() => publisher.handler({ Records: [change] }, context), CHANGE_LOG_BYTES);
    await expectBytes(() => webhooks.handler(aWebhook('aftership'), context), WEBHOOK_LOG_BYTES);
  });

  it('match the row of an event in the log and both indexes, each within a write unit', async () => {
    await capturedLines(async () => void (await updater(anEvent('delivered'), aContext())));

    const [put] = db.commandCalls(PutItemCommand, { TableName: 'events' });
    const row = itemSize(put?.args[0].input.Item ?? {});

    expect(row).toBeLessThan(1_024);
    expect(3 * (row + 100)).toBeLessThanOrEqual(LOG_ROW_BYTES);
    expect(3 * (row + 100)).toBeGreaterThan(LOG_ROW_BYTES * 0.9);
  });

  it('match a sample in the archive', () => {
    const sample = JSON.parse(readFileSync('events/shipment-processor/created-in-transit.json', 'utf8'));

    const bytes = JSON.stringify(sample).length;

    expect(bytes).toBeLessThanOrEqual(EVENT_BYTES);
    expect(bytes).toBeGreaterThan(EVENT_BYTES * 0.5);
  });
});
