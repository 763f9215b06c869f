import { type AttributeValue, DeleteItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import { DeadLetterQueue, type QueueMessage } from '../messages/dead-letter-queue';
import { QUEUE_KEYS, type QueueKey } from '../messages/queues';
import { rowOf } from '../target/rows';
import type { Target } from '../target/target';
import type { Sent, Trial } from './trial';

const QUIET = { note: () => undefined };

const textOf = ({ event }: QueueMessage) => (typeof event === 'string' ? event : JSON.stringify(event));

/** True for a message about an event or a function of this run. */
const isOf = (trial: Trial, message: QueueMessage) =>
  [trial.prefix, trial.ownNames].some((mark) => textOf(message).includes(mark));

/**
 * Returns a function that deletes this run's messages from a queue and returns all of them so far. All claims share one reader, since a message that
 * one reader holds is hidden from another.
 */
const readerOf = (key: QueueKey, trial: Trial): Promise<() => Promise<readonly QueueMessage[]>> =>
  trial.once(`queue ${key}`, async () => {
    const queue = await DeadLetterQueue.open(key, trial.target);
    const messages: QueueMessage[] = [];
    const read = async () => {
      for await (const message of queue.messages({ print: QUIET, ending: new AbortController().signal })) {
        if (!isOf(trial, message)) continue;
        messages.push(message);
        await queue.delete(message);
      }
      return messages;
    };
    let reading: Promise<readonly QueueMessage[]> | undefined;
    // Concurrent calls share one reading, which takes seconds. A claim that misses a message calls again.
    return () => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    };
  });

/** Waits for the message about an event in a queue and deletes it there; undefined when none comes within this many of AWS's minutes. */
export async function messageAbout(id: string, key: QueueKey, trial: Trial, minutes: number) {
  const read = await readerOf(key, trial);
  return trial.until(minutes, async () => (await read()).find((message) => textOf(message).includes(id)));
}

export async function removeMessages(trial: Trial): Promise<void> {
  if (trial.shipments.size === 0) return;
  await Promise.all(QUEUE_KEYS.map(async (key) => (await readerOf(key, trial))()));
}

/** Log row of an event whose identity is its envelope's. */
export const logRowOf = ({ id }: Sent, { target }: Trial) => rowOf(TABLES.shipmentEvents, id, target);

export async function deleteRow(
  { name, partition, sort }: typeof TABLES.shipmentEvents | typeof TABLES.errorEvents,
  row: Readonly<Record<string, AttributeValue>>,
  target: Target,
): Promise<void> {
  const Key = Object.fromEntries(Object.entries(row).filter(([key]) => key === partition[0] || key === sort[0]));
  await target.db.send(new DeleteItemCommand({ TableName: target.name(name), Key }));
}

export async function removeRows({ shipments, target }: Trial): Promise<void> {
  const { db, name } = target;
  for (const shipment_id of shipments) {
    for (const table of [TABLES.shipmentEvents, TABLES.errorEvents]) {
      const query = {
        TableName: name(table.name),
        IndexName: 'shipment-index' satisfies keyof typeof table.indexes,
        KeyConditionExpression: 'shipment_id = :id',
        ExpressionAttributeValues: toAttributes({ ':id': shipment_id }),
      };
      for await (const { Items = [] } of paginateQuery({ client: db }, query))
        for (const row of Items) await deleteRow(table, row, target);
    }
    const Key = toAttributes({ shipment_id });
    await db.send(new DeleteItemCommand({ TableName: name(TABLES.shipments.name), Key }));
  }
}
