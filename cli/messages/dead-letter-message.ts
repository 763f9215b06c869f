import type { Message } from '@aws-sdk/client-sqs';
import { isObject, type Json, type JsonObject } from '../../src/domain/json';
import { changeIn, isTooDeep, parsedOrText } from '../json-limits';

/**
 * Reads a message of a dead-letter queue. Lambda's OnFailure record carries the event in `requestPayload`; a rule target's dead letter is
 * the event itself, with `ERROR_CODE` and `ERROR_MESSAGE` as message attributes.
 * (docs.aws.amazon.com: lambda/latest/dg/invocation-async-retain-records, eventbridge/latest/userguide/eb-rule-dlq)
 */
export function readFailureMessage(message: Message) {
  const common = {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    /** Epoch milliseconds. */
    arrivedAt: Number(message.Attributes?.SentTimestamp ?? 0),
  };
  const text = message.Body ?? '';
  /** A message that cannot be redriven. */
  const unreadable = (why: string) => ({ ...common, event: text as Json, unreadable: why });
  /** An event as it was on the bus, with the reason as Lambda or EventBridge states it. */
  const failed = (route: 'retries exhausted' | 'undeliverable', event: Json, reason: string) => ({
    ...common,
    route,
    event,
    reason,
  });
  const body = parsedOrText(text);
  if (!isObject(body)) return unreadable('its body is no JSON object');
  if (isTooDeep(body)) return unreadable('its body is nested too deeply to be redriven');
  const changed = changeIn(text);
  if (changed) return unreadable(`it cannot be redriven unchanged: ${changed}`);
  if (isObject(body['DDBStreamBatchInfo']))
    return unreadable(reasonUnpublished(body['DDBStreamBatchInfo'], reasonOfRecord(body)));
  if ('requestContext' in body) {
    const { requestPayload = null } = body;
    if (requestPayload === null) return unreadable(reasonWithoutEvent(body));
    return failed('retries exhausted', requestPayload, reasonOfRecord(body));
  }
  if (typeof body['detail-type'] === 'string' && 'detail' in body)
    return failed('undeliverable', body, reasonOfDeadLetter(message));
  return unreadable('it is neither a record of Lambda nor an event');
}

/**
 * Problem of a record without its event. Lambda may omit an event near 1 MiB: AWS documents this for SNS ("OnFailure"), but not what replaces the
 * event. A null event counts as omitted, since the bus has no such events.
 */
const reasonWithoutEvent = (record: JsonObject) =>
  `Lambda left the event out of its record (${reasonOfRecord(record)}), as it may near 1 MiB: replay the six hours before ${record['timestamp'] ?? 'it arrived'}, then discard this`;

/** Problem of the record of a discarded stream batch, which has the batch's position but not its changes. */
const reasonUnpublished = (batch: JsonObject, reason: string) =>
  `${batch['batchSize']} status changes since ${batch['approximateArrivalOfFirstRecord']} were not published (${reason}): republish --since some hours before, then discard this`;

function reasonOfRecord(record: JsonObject): string {
  const context = isObject(record['requestContext']) ? record['requestContext'] : {};
  const payload = isObject(record['responsePayload']) ? record['responsePayload'] : {};
  return (
    [context['condition'], payload['errorMessage']].filter((part) => typeof part === 'string').join(': ') || 'unknown'
  );
}

function reasonOfDeadLetter({ MessageAttributes = {} }: Message): string {
  const attributes = ['ERROR_CODE', 'ERROR_MESSAGE'].map((name) => MessageAttributes[name]?.StringValue);
  return attributes.filter(Boolean).join(': ') || 'unknown';
}
