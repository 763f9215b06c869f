/** Traces that the run's events leave in the stack: rows, and messages in the queues. */
import {
  type AttributeValue,
  DeleteItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import { DeadLetterQueue, type QueueMessage } from '../messages/dead-letter-queue';
import { QUEUE_KEYS, type QueueKey } from '../messages/queues';
import { rowOf } from '../target/row';
import type { Sent, Trial } from './trial';

const QUIET = { note: () => undefined };

interface OwnMessages {
  readonly found: QueueMessage[];
  /** Takes this run's messages out of the queue. */
  take(): Promise<void>;
}

const textOf = ({ event }: QueueMessage) => (typeof event === 'string' ? event : JSON.stringify(event));

/** About an event of this run, or about a function of its own. */
const isOf = (trial: Trial, message: QueueMessage) =>
  [trial.prefix, trial.ownNames].some((mark) => textOf(message).includes(mark));

/** This run's messages in one of the stack's queues; one reader for all claims, since a message that one holds no other sees. */
const messagesOf = (trial: Trial, key: QueueKey): Promise<OwnMessages> =>
  trial.once(`queue ${key}`, async () => {
    const queue = await DeadLetterQueue.open(key, trial.target);
    const found: QueueMessage[] = [];
    let reading: Promise<void> | undefined;
    const read = async () => {
      for await (const message of queue.messages({ print: QUIET, ending: new AbortController().signal })) {
        if (!isOf(trial, message)) continue;
        found.push(message);
        await queue.delete(message);
      }
    };
    // A reading that is under way is shared: it takes seconds, and a claim that misses a message asks again.
    const take = () => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    };
    return { found, take };
  });

/** The message about an event in one of the stack's queues, which it is taken out of; undefined when none comes in so many of AWS's minutes. */
export async function messageAbout(id: string, key: QueueKey, trial: Trial, minutes: number) {
  const messages = await messagesOf(trial, key);
  return trial.until(minutes, async () => {
    await messages.take();
    return messages.found.find((message) => textOf(message).includes(id));
  });
}

/** Takes all messages of this run out of the stack's queues; without an event of its own there are none. */
export async function removeMessages(trial: Trial): Promise<void> {
  if (trial.shipments.size === 0) return;
  await Promise.all(QUEUE_KEYS.map(async (key) => (await messagesOf(trial, key)).take()));
}

/** The log row of an event without an identity of its own: its envelope's. */
export const logRowOf = ({ id }: Sent, { target }: Trial) => rowOf(TABLES.shipmentEvents, id, target);

/** Deletes every row of this run's shipments. */
export async function removeRows(trial: Trial): Promise<void> {
  const { db, name } = trial.target;
  for (const shipment_id of trial.shipments) {
    for (const table of [TABLES.shipmentEvents, TABLES.errorEvents]) {
      const TableName = name(table.name);
      const query: QueryCommandInput = {
        TableName,
        IndexName: 'shipment-index',
        KeyConditionExpression: 'shipment_id = :id',
        ExpressionAttributeValues: toAttributes({ ':id': shipment_id }),
      };
      for await (const { Items = [] } of paginateQuery({ client: db }, query)) {
        for (const item of Items) {
          const Key = keyOf(item, [table.partition[0], table.sort[0]]);
          await db.send(new DeleteItemCommand({ TableName, Key }));
        }
      }
    }
    const Key = toAttributes({ shipment_id });
    await db.send(new DeleteItemCommand({ TableName: name(TABLES.shipments.name), Key }));
  }
}

export const keyOf = (item: Readonly<Record<string, AttributeValue>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
