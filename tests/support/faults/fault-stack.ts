import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge';
import { ENVIRONMENT } from '../../../local/deploy';
import type { LocalStack } from '../../../local/stack';
import { keepEvents } from '../keep-events';
import { startStack } from '../stack';
import { Lambda } from './lambda';

/** The bus on which the handlers under test announce failures, and the queue that stores its events. */
export const ANNOUNCEMENTS = 'fault-announcements';

export interface FaultStack {
  readonly stack: LocalStack;
  /** Starts a Lambda with its own fault proxy. Concurrent tries need one each. */
  lambda(timeoutMs?: number): Promise<Lambda>;
}

/** Starts a stack for built handlers that run outside the emulator and use the stack's tables and topics. */
export async function startFaultStack(): Promise<FaultStack> {
  const stack = await startStack();
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
