import { isDeepStrictEqual } from 'node:util';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { deadLetterQueueName, QUEUED_FUNCTION_KEYS, type QueuedFunctionKey } from '../contracts/functions';
import { inEnvironment, NAMES } from '../contracts/names';
import { getSigned } from './ask';
import { ENVIRONMENT } from './deploy';
import { LISTENERS, type LocalStack } from './stack';

export type Row = Readonly<Record<string, unknown>>;

/** A message that SNS delivered to a listener. */
export interface Notification {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
}

/** The shipment id of a notification; undefined for one about an error. It is not read from the subject, whose wording may change. */
export const shipmentOf = ({ MessageAttributes }: Notification) => MessageAttributes?.['shipment_id']?.Value;

/** The event id of a notification about a shipment. */
export const eventOf = ({ Message }: Notification): string => JSON.parse(Message).event_id;

/** Rows, notifications and messages of the stack. */
export interface Snapshot {
  readonly log: readonly Row[];
  readonly shipments: readonly Row[];
  readonly errors: readonly Row[];
  readonly notifications: Readonly<Record<keyof typeof LISTENERS, readonly Notification[]>>;
  /** Bodies of the messages in each function's dead-letter queue. */
  readonly failed: Readonly<Record<QueuedFunctionKey, readonly string[]>>;
  readonly unrouted: readonly string[];
}

/**
 * Reads everything the stack holds at one moment. Functions may write while the tables are read, so that is repeated until the queues are
 * the same before and after.
 */
export async function takeSnapshot(stack: LocalStack): Promise<Snapshot> {
  for (let queues = await messagesByQueue(stack.endpoint); ; ) {
    const snapshot = await readTables(stack, queues);
    const afterwards = await messagesByQueue(stack.endpoint);
    if (isDeepStrictEqual(afterwards, queues)) return snapshot;
    queues = afterwards;
  }
}

async function readTables(stack: LocalStack, queues: ReadonlyMap<string, string[]>): Promise<Snapshot> {
  const rows = async (output: string) => {
    const items: Row[] = [];
    const pages = paginateScan({ client: stack.db }, { TableName: stack.outputs[output], ConsistentRead: true });
    for await (const page of pages) items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
    return items;
  };
  const bodies = (name: string) => queues.get(name) ?? [];
  const notifications = (name: string) => bodies(name).map((body): Notification => JSON.parse(body));
  return {
    log: await rows('ShipmentEventsTableName'),
    shipments: await rows('ShipmentsTableName'),
    errors: await rows('ErrorEventsTableName'),
    notifications: { alerts: notifications(LISTENERS.alerts), processing: notifications(LISTENERS.processing) },
    failed: Object.fromEntries(
      QUEUED_FUNCTION_KEYS.map((key) => [key, bodies(inEnvironment(deadLetterQueueName(key), ENVIRONMENT))]),
    ) as Record<QueuedFunctionKey, string[]>,
    unrouted: bodies(inEnvironment(NAMES.unroutedQueue, ENVIRONMENT)),
  };
}

/** Bodies of the messages in each queue that is not empty, by the queue's name. Reading them hides no message from a consumer. */
export async function messagesByQueue(endpoint: string): Promise<Map<string, string[]>> {
  const { messages }: Waiting = JSON.parse(await getSigned(`${endpoint}/_ministack/sqs/messages`));
  const queues = Object.values(messages)
    .flatMap(Object.values<Queues>)
    .flatMap(Object.entries<Queues[string]>);
  return new Map(
    queues
      .filter(([, waiting]) => waiting.length > 0)
      .map(([url, waiting]) => [url.split('/').at(-1) ?? url, waiting.map(({ Body }) => Body)]),
  );
}

/** Messages by the queue's URL. */
type Queues = Readonly<Record<string, readonly { readonly Body: string }[]>>;

interface Waiting {
  /** By account, by region. */
  readonly messages: Readonly<Record<string, Readonly<Record<string, Queues>>>>;
}
