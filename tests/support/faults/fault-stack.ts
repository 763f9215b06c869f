import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge';
import { ENVIRONMENT } from '../../../local/deploy';
import type { LocalStack } from '../../../local/stack';
import { keepEvents } from '../keep-events';
import { startStack } from '../stack';
import { Lambda } from './lambda';

/** Where the handlers under test announce their failures: a bus whose one rule keeps everything. */
export const ANNOUNCEMENTS = 'fault-announcements';

export interface FaultStack {
  readonly stack: LocalStack;
  /** A Lambda of its own, with its own fault layer, for each test that runs beside others. */
  lambda(timeoutMs?: number): Promise<Lambda>;
}

/**
 * The deployed stack on the emulator, and built handlers outside of it that use its tables and topics.
 * @param settings the embedded AWS's own
 */
export async function startFaultStack(settings?: NodeJS.ProcessEnv): Promise<FaultStack> {
  const stack = await startStack(settings);
  await stack.events.send(new CreateEventBusCommand({ Name: ANNOUNCEMENTS }));
  await keepEvents(stack, ANNOUNCEMENTS, ANNOUNCEMENTS, { source: [{ prefix: '' }] });
  const environment = {
    ENVIRONMENT,
    ERROR_EVENTS_TABLE: stack.outputs['ErrorEventsTableName'] ?? '',
    SHIPMENT_EVENTS_TABLE: stack.outputs['ShipmentEventsTableName'] ?? '',
    SHIPMENTS_TABLE: stack.outputs['ShipmentsTableName'] ?? '',
    PROCESSING_TOPIC_ARN: stack.outputs['ProcessingTopicArn'] ?? '',
    ALERTS_TOPIC_ARN: stack.outputs['AlertsTopicArn'] ?? '',
    EVENT_BUS_NAME: ANNOUNCEMENTS,
    EVENT_RETENTION_DAYS: '0',
    STALLED_AFTER_DAYS: '3',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  return { stack, lambda: (timeoutMs) => Lambda.start(stack, environment, timeoutMs) };
}
