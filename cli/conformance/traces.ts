/** Traces that the run's events leave in the stack: rows, and messages in the queues. */
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

/** About an event of this run, or about a function of its own. */
const isOf = (trial: Trial, message: QueueMessage) =>
  [trial.prefix, trial.ownNames].some((mark) => textOf(message).includes(mark));

/**
 * Takes this run's messages out of one of the stack's queues, and answers all that it took until now. One reader for all claims, since a message
 * that one holds no other sees.
 */
const readerOf = (key: QueueKey, trial: Trial): Promise<() => Promise<readonly QueueMessage[]>> =>
  trial.once(`queue ${key}`, async () => {
    const queue = await DeadLetterQueue.open(key, trial.target);
    const found: QueueMessage[] = [];
    const read = async () => {
      for await (const message of queue.messages({ print: QUIET, ending: new AbortController().signal })) {
        if (!isOf(trial, message)) continue;
        found.push(message);
        await queue.delete(message);
      }
      return found;
    };
    let reading: Promise<readonly QueueMessage[]> | undefined;
    // A reading that is under way is shared: it takes seconds, and a claim that misses a message asks again.
    return () => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    };
  });

/** The message about an event in one of the stack's queues, which it is taken out of; undefined when none comes in so many of AWS's minutes. */
export async function messageAbout(id: string, key: QueueKey, trial: Trial, minutes: number) {
  const read = await readerOf(key, trial);
  return trial.until(minutes, async () => (await read()).find((message) => textOf(message).includes(id)));
}

/** Takes all messages of this run out of the stack's queues; without an event of its own there are none. */
export async function removeMessages(trial: Trial): Promise<void> {
  if (trial.shipments.size === 0) return;
  await Promise.all(QUEUE_KEYS.map(async (key) => (await readerOf(key, trial))()));
}

/** The log row of an event without an identity of its own: its envelope's. */
export const logRowOf = ({ id }: Sent, { target }: Trial) => rowOf(TABLES.shipmentEvents, id, target);

/** Deletes a row of the log or of the failures. */
export async function deleteRow(
  { name, partition, sort }: typeof TABLES.shipmentEvents | typeof TABLES.errorEvents,
  row: Readonly<Record<string, AttributeValue>>,
  target: Target,
): Promise<void> {
  const Key = Object.fromEntries(Object.entries(row).filter(([key]) => key === partition[0] || key === sort[0]));
  await target.db.send(new DeleteItemCommand({ TableName: target.name(name), Key }));
}

/** Deletes every row of this run's shipments. */
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
