import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, REGION } from '../../../local/environment';
import type { LocalStack } from '../../../local/stack';
import { startStack } from '../stack';
import { Lambda } from './lambda';

/** Where the handlers under test announce their failures: a bus whose one rule keeps everything. */
export const ANNOUNCEMENTS = 'fault-announcements';

export interface FaultStack {
  readonly stack: LocalStack;
  /** A Lambda of its own, with its own fault layer, for each test that runs beside others. */
  lambda(timeoutMs?: number): Promise<Lambda>;
}

/** The deployed stack on the emulator, and built handlers outside of it that use its tables and topics. */
export async function startFaultStack(): Promise<FaultStack> {
  const stack = await startStack();
  await keepAnnouncements(stack);
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

async function keepAnnouncements({ endpoint }: LocalStack): Promise<void> {
  const settings = { endpoint, region: REGION, credentials: CREDENTIALS };
  const [events, sqs] = [new EventBridgeClient(settings), new SQSClient(settings)];
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: ANNOUNCEMENTS }));
  const queue = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await events.send(new CreateEventBusCommand({ Name: ANNOUNCEMENTS }));
  const rule = { EventBusName: ANNOUNCEMENTS, Rule: 'keep' };
  await events.send(
    new PutRuleCommand({ Name: rule.Rule, EventBusName: ANNOUNCEMENTS, EventPattern: '{"source":[{"prefix":""}]}' }),
  );
  await events.send(
    new PutTargetsCommand({ ...rule, Targets: [{ Id: 'queue', Arn: queue.Attributes?.['QueueArn'] }] }),
  );
}
