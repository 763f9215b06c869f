/** The functions' log lines for every outcome of an event. */
import { PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { CARRIER_NAMES } from '../../../contracts/carriers';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey, recordsShipments } from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { CORRECTED } from '../../../contracts/shipment-events';
import { toAttributes } from '../../../src/adapters/attributes';
import { anEnvelope, aShipmentEvent } from './events';
import {
  db,
  events,
  everythingWorks,
  inTheLog,
  LOGGING,
  laterStatus,
  loadHandlers,
  recordedStatus,
  sns,
} from './handlers';
import { aContext, conditionFailed } from './lambda';
import { capturedLines, type Line } from './log-lines';
import { aRow, aStreamRecord } from './stream-records';
import { aWebhook, SETTINGS, sampleBody } from './webhook-calls';

const ssm = mockClient(SSMClient);
const down = new Error('throttled');

/** Every kind of line that a function may write: logs and metrics. */
export const everyLine = (): Promise<Line[]> =>
  capturedLines(async () => {
    process.env['_X_AMZN_TRACE_ID'] = 'Root=1-2-3;Parent=4;Sampled=0';
    await handleEvents();
    await publishChanges();
    await reportStalled();
    await takeWebhooks();
  });

async function handleEvents(): Promise<void> {
  const handlers = await loadHandlers(LOGGING);

  /** Handles one event with these answers of AWS. It may fail, since a failure writes lines too. */
  async function handle(key: EventFunctionKey, event: unknown, answers: () => void = () => undefined) {
    everythingWorks();
    answers();
    await handlers[key](event, aContext()).catch(() => undefined);
  }

  async function everyOutcomeOf(key: EventFunctionKey, event: unknown) {
    await handle(key, null);
    await handle(key, event);
    const [put] = db.commandCalls(PutItemCommand);
    const payload_hash = { S: put?.args[0].input.Item?.['payload_hash']?.S ?? '' };
    const log = () => db.on(PutItemCommand, { TableName: 'events' });
    await handle(key, event, () => log().rejects(conditionFailed({ payload_hash, notified_at: { S: 'then' } })));
    await handle(key, event, () => inTheLog('1:other'));
    await handle(key, event, () => laterStatus('delivered'));
    await handle(key, event, () => recordedStatus('returned'));
    await handle(key, event, () => db.on(PutItemCommand).rejects(down));
    await handle(key, event, () => sns.on(PublishCommand).rejects(down));
  }

  for (const key of EVENT_FUNCTION_KEYS.filter(recordsShipments))
    for (const { source, detailType } of CONTRACTS[key]) {
      const detail = detailType === CORRECTED ? { reason: 'a test' } : { status: 'delivered', old_status: 'pending' };
      await everyOutcomeOf(key, anEnvelope({ source, 'detail-type': detailType }, detail));
    }
  const error = (detailType: string) => ({
    ...anEnvelope({ source: 'logistics.error', 'detail-type': detailType }),
    detail: { error_type: 'label_unreadable', error_message: 'cannot read' },
  });
  await everyOutcomeOf('notification-handler', error('Processing Error'));
  await handle('notification-handler', error('Critical Error'), () =>
    db.on(UpdateItemCommand).callsFake(({ ConditionExpression = '' }) => {
      if (ConditionExpression.includes('admitted')) throw conditionFailed();
      return {};
    }),
  );
}

async function publishChanges(): Promise<void> {
  const { handler } = await import('../../../src/handlers/status-publisher');
  const change = aStreamRecord(aRow(aShipmentEvent()));
  everythingWorks();
  await handler({ Records: [change, aStreamRecord({ shipment_id: 'SHP-1', status: 'lost' })] }, aContext());
  events.on(PutEventsCommand).rejects(down);
  await handler({ Records: [change] }, aContext());
}

async function reportStalled(): Promise<void> {
  const { handler } = await import('../../../src/handlers/stalled-shipments');
  const row = aRow(aShipmentEvent({ timestamp: Date.now() - 3 * 86_400_000 }));
  everythingWorks();
  db.on(QueryCommand).resolves({ Items: [toAttributes({ ...row })] });
  await handler(anEnvelope(), aContext());
  db.on(QueryCommand).rejects(down);
  await handler(anEnvelope(), aContext()).catch(() => undefined);
}

async function takeWebhooks(): Promise<void> {
  const { handler } = await import('../../../src/handlers/carrier-webhook');
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: SETTINGS } });
  for (const platform of CARRIER_NAMES) {
    const body = sampleBody(platform);
    const unknown = body.replaceAll(/"(in_transit|TRANSIT|InTransit)"/g, '"teleported"');
    everythingWorks();
    await handler(aWebhook(platform, unknown), aContext());
    await handler(aWebhook(platform, body, 'a-secret-that-is-not-theirs'), aContext());
    events.on(PutEventsCommand).rejects(down);
    await handler(aWebhook(platform), aContext()).catch(() => undefined);
  }
}
