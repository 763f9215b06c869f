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

/** The handlers as Lambda loads them: silent, unless the environment given says otherwise. */
export async function loadHandlers(env: NodeJS.ProcessEnv = {}): Promise<Record<EventFunctionKey, LambdaHandler>> {
  Object.assign(process.env, HANDLER_ENVIRONMENT, env);
  const handlers = {} as Record<EventFunctionKey, LambdaHandler>;
  for (const key of EVENT_FUNCTION_KEYS) handlers[key] = (await import(`../../../src/handlers/${key}`)).handler;
  return handlers;
}

/** For tests of what the handlers write. */
export const LOGGING = { POWERTOOLS_LOG_LEVEL: 'INFO' };

/** AWS does what it is asked: nothing is on record yet, and each failure is the first. */
export function everythingWorks(): void {
  for (const client of [db, sns, events]) client.reset();
  db.on(UpdateItemCommand).resolves({ Attributes: { attempts: { N: '1' }, announced: { M: {} } } });
  db.on(PutItemCommand).resolves({});
  db.on(GetItemCommand).resolves({});
  sns.on(PublishCommand).resolves({ MessageId: 'm' });
  events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
}

/** The log has a row of this identity, with this hash, from this account. */
export const inTheLog = (payload_hash: string, account?: string) =>
  db
    .on(PutItemCommand, { TableName: 'events' })
    .rejects(conditionFailed({ payload_hash: { S: payload_hash }, ...(account && { account: { S: account } }) }));

/** The row that one event of the shipment has left. */
export const statusRow = (event: Partial<ShipmentEvent>) =>
  toAttributes({ ...rowOf('SHP-1', stateOf(aShipmentEvent({ event_id: 'e-before', ...event }))) });

/** The shipment stands in this status, which the event moves it on from. */
export const recordedStatus = (status: Status) =>
  db.on(PutItemCommand, { TableName: 'shipments' }).resolves({ Attributes: statusRow({ status }) });

/** A later event of this status is on record; no put of another row holds. */
export const laterStatus = (status: Status) =>
  db
    .on(PutItemCommand, { TableName: 'shipments' })
    .rejects(conditionFailed(statusRow({ status, timestamp: Date.UTC(2026, 2, 3) })));
