/** Rows and messages that hold the free text of a shipment or of one event, and the erasure of that text. */
import { paginateQuery, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { REDACTED, REDACTED_AT, REDACTION, REMOVED_BY_REDACTION } from '../../contracts/redaction';
import { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import type { ErrorKey } from '../../src/domain/failure-row';
import { describeJson, isObject, type Json } from '../../src/domain/json';
import { writeErrorRow, writeRowOf } from '../failures/error-row';
import { isTooDeep, parsedOrText } from '../json-limits';
import type { HeldMessage } from '../messages/held-message';
import type { Target } from '../target/target';

/** Whose data is erased: of all events of a shipment, or of one event. */
export interface Subject {
  readonly name: 'shipment_id' | 'event_id';
  readonly id: string;
}

interface LogKey {
  readonly event_id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** The keys of the subject's log rows; the index of a shipment's follows the table by moments. */
export async function* logRowsOf({ name, id }: Subject, target: Target): AsyncGenerator<LogKey> {
  const pages = paginateQuery(
    { client: target.db },
    {
      TableName: target.name(TABLES.shipmentEvents.name),
      ...(name === 'shipment_id' && {
        IndexName: 'shipment-index' satisfies keyof typeof TABLES.shipmentEvents.indexes,
      }),
      KeyConditionExpression: '#name = :id',
      ProjectionExpression: 'event_id, #timestamp',
      ExpressionAttributeNames: { '#name': name, '#timestamp': 'timestamp' },
      ExpressionAttributeValues: toAttributes({ ':id': id }),
    },
  );
  for await (const { Items = [] } of pages) yield* Items.map((item) => unmarshall(item) as LogKey);
}

/** An id as the JSON of an event has it, and where that JSON stands in a string of JSON. */
function writtenForms({ id }: Subject): readonly [string, string] {
  const json = JSON.stringify(id);
  return [json, JSON.stringify(json).slice(1, -1)];
}

/** The keys of the error rows that name the subject, or whose kept event does. Reads the whole table. */
export async function* errorRowsOf(subject: Subject, target: Target): AsyncGenerator<ErrorKey> {
  const [json, inString] = writtenForms(subject);
  const pages = paginateScan(
    { client: target.db },
    {
      TableName: target.name(TABLES.errorEvents.name),
      ConsistentRead: true,
      FilterExpression: '#name = :id OR contains(#event, :json) OR contains(#event, :inString)',
      ProjectionExpression: 'error_id, #timestamp, #name, #event',
      ExpressionAttributeNames: { '#name': subject.name, '#event': 'event', '#timestamp': 'timestamp' },
      ExpressionAttributeValues: toAttributes({ ':id': subject.id, ':json': json, ':inString': inString }),
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { error_id = '', timestamp, event, ...named } of Items.map((item) => unmarshall(item)))
      if (named[subject.name] === subject.id || isAbout(subject, parsedOrText(event))) yield { error_id, timestamp };
  }
}

/**
 * Whether the detail of an event names the subject anywhere. Its envelope does not count: a shipment may have the id `0`, which is each envelope's
 * version. What is no event counts as a whole.
 */
export function isAbout(subject: Subject, event: Json): boolean {
  const part = isObject(event) && event['detail'] !== undefined ? event['detail'] : event;
  const forms = writtenForms(subject);
  if (isTooDeep(part)) return forms.some((form) => describeJson(part).includes(form));
  const names = (value: Json): boolean =>
    typeof value === 'string'
      ? value === subject.id || forms.some((form) => value.includes(form))
      : isObject(value) || Array.isArray(value)
        ? Object.values(value).some(names)
        : false;
  return names(part) || (subject.name === 'event_id' && isObject(event) && event['id'] === subject.id);
}

/** Erases the free text of a log row in one write. A row that has expired meanwhile is not made anew. */
export async function redactLogRow({ event_id, timestamp }: LogKey, target: Target): Promise<void> {
  const update = new UpdateItemCommand({
    TableName: target.name(TABLES.shipmentEvents.name),
    Key: toAttributes({ event_id, timestamp }),
    ConditionExpression: 'attribute_exists(event_id)',
    UpdateExpression: `SET metadata = :none, ${REDACTED_AT} = if_not_exists(${REDACTED_AT}, :now) REMOVE ${REMOVED_BY_REDACTION.join(', ')}`,
    ExpressionAttributeValues: toAttributes({ ':none': {}, ':now': new Date(target.now()).toISOString() }),
  });
  await target.db.send(update).catch(unlessGone);
}

const ERASED = { [REDACTION]: REDACTED, event: REDACTED, error_message: REDACTED };

/** Erases the free text of an error row, and of what later attempts on its event would record. */
export async function redactErrorRow(key: ErrorKey, target: Target): Promise<void> {
  await writeErrorRow(key, { set: ERASED, condition: 'attribute_exists(error_id)' }, target).catch(unlessGone);
}

function unlessGone(error: Error): void {
  if (error.name !== 'ConditionalCheckFailedException') throw error;
}

/**
 * Sees to it that nothing of a message's event is recorded again when it is redriven or discarded: its error row is redacted, and made where there
 * is none.
 */
export async function redactRowOfMessage({ queue, message }: HeldMessage, target: Target): Promise<void> {
  await writeRowOf(message.event, queue.key, { set: ERASED }, target);
}
