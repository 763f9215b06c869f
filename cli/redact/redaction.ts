/** Finds and erases the free text of a shipment or of one event in rows and messages. */
import { paginateQuery, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { REDACTED, REDACTED_AT, REDACTION, REMOVED_BY_REDACTION } from '../../contracts/redaction';
import { TABLES } from '../../contracts/tables';
import type { LoggedIdentity } from '../../publisher/shipment-records';
import { toAttributes } from '../../src/adapters/attributes';
import type { ErrorKey } from '../../src/domain/failure-row';
import { describeJson, isObject, type Json } from '../../src/domain/json';
import { writeErrorRow, writeRowOf } from '../failures/error-row';
import { isTooDeep, parsedOrText } from '../json-limits';
import type { HeldMessage } from '../messages/held-message';
import type { Target } from '../target/target';

export interface Subject {
  readonly name: 'shipment_id' | 'event_id';
  readonly id: string;
}

/** Keys of the subject's log rows. A shipment's index is eventually consistent. */
export async function* logRowsOf({ name, id }: Subject, target: Target): AsyncGenerator<LoggedIdentity> {
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
  for await (const { Items = [] } of pages) yield* Items.map((item) => unmarshall(item) as LoggedIdentity);
}

/** The id as a JSON string, and as it is in JSON that is itself inside a JSON string. */
function writtenForms({ id }: Subject): readonly [string, string] {
  const json = JSON.stringify(id);
  return [json, JSON.stringify(json).slice(1, -1)];
}

/** Keys of the error rows that name the subject or whose stored event does. Scans the table. */
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
 * True when an event's detail names the subject anywhere. The envelope does not count, because its version `0` may be the id of a shipment. Text that
 * is not an event counts as a whole.
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

/** Erases the free text of a log row. Does not recreate a row that has expired meanwhile. */
export async function redactLogRow({ event_id, timestamp }: LoggedIdentity, target: Target): Promise<void> {
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

/** Erases the free text of an error row, and marks the row so that later attempts record none. */
export async function redactErrorRow(key: ErrorKey, target: Target): Promise<void> {
  await writeErrorRow(key, { set: ERASED, condition: 'attribute_exists(error_id)' }, target).catch(unlessGone);
}

function unlessGone(error: Error): void {
  if (error.name !== 'ConditionalCheckFailedException') throw error;
}

/** Redacts or creates the error row of a message's event, so that a redrive or discard records no free text. */
export async function redactRowOfMessage({ queue, message }: HeldMessage, target: Target): Promise<void> {
  await writeRowOf(message.event, queue.key, { set: ERASED }, target);
}
