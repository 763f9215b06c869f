import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey } from '../../../contracts/functions';
import type { Status } from '../../../contracts/statuses';
import { toAttributes } from '../../../src/adapters/attributes';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { rowOf } from '../../../src/domain/shipment-row';
import { stateOf } from '../../../src/domain/shipment-state';
import type { LambdaHandler } from '../../../src/runtime/event-handler';
import { aShipmentEvent } from './events';
import { HANDLER_ENVIRONMENT } from './handler-environment';
import { conditionFailed } from './lambda';

export const db = mockClient(DynamoDBClient);
export const sns = mockClient(SNSClient);
export const events = mockClient(EventBridgeClient);

/** Loads the handlers with these environment variables. Without any, they log nothing. */
export async function loadHandlers(env: NodeJS.ProcessEnv = {}): Promise<Record<EventFunctionKey, LambdaHandler>> {
  Object.assign(process.env, HANDLER_ENVIRONMENT, env);
  const handlers = {} as Record<EventFunctionKey, LambdaHandler>;
  for (const key of EVENT_FUNCTION_KEYS) handlers[key] = (await import(`../../../src/handlers/${key}`)).handler;
  return handlers;
}

/** Environment variables with which the handlers log. */
export const LOGGING = { POWERTOOLS_LOG_LEVEL: 'INFO' };

/** Mocks an AWS on which every call succeeds, no event is on record, and each failure is the first. */
export function everythingWorks(): void {
  for (const client of [db, sns, events]) client.reset();
  db.on(UpdateItemCommand).resolves({ Attributes: { attempts: { N: '1' }, announced: { M: {} } } });
  db.on(PutItemCommand).resolves({});
  db.on(GetItemCommand).resolves({});
  sns.on(PublishCommand).resolves({ MessageId: 'm' });
  events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
}

/** Mocks a log that already has the event's row, with this hash and account. */
export const inTheLog = (payload_hash: string, account?: string) =>
  db
    .on(PutItemCommand, { TableName: 'events' })
    .rejects(conditionFailed({ payload_hash: { S: payload_hash }, ...(account && { account: { S: account } }) }));

/** The status row of SHP-1 after one event. */
export const statusRow = (event: Partial<ShipmentEvent>) =>
  toAttributes({ ...rowOf('SHP-1', stateOf(aShipmentEvent({ event_id: 'e-before', ...event }))) });

/** Mocks a shipment in this status, which the event replaces. */
export const recordedStatus = (status: Status) =>
  db.on(PutItemCommand, { TableName: 'shipments' }).resolves({ Attributes: statusRow({ status }) });

/** Mocks a shipment with this status from a later event, which no event replaces. */
export const laterStatus = (status: Status) =>
  db
    .on(PutItemCommand, { TableName: 'shipments' })
    .rejects(conditionFailed(statusRow({ status, timestamp: Date.UTC(2026, 2, 3) })));
