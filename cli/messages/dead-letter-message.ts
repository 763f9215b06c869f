/** Messages of a dead-letter queue: one of two envelopes around an original event. */
import type { Message } from '@aws-sdk/client-sqs';
import { isObject, type Json, type JsonObject } from '../../src/domain/json';
import { changeIn, isTooDeep } from '../json-limits';

/** Which way the event came: Lambda gave it up, or EventBridge could not hand it over. */
export type Route = 'retries exhausted' | 'undeliverable';

export interface FailureMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** When it reached the queue, epoch milliseconds. */
  readonly arrivedAt: number;
  readonly route: Route;
  /** The event as it was on the bus. */
  readonly event: Json;
  /** Why it is here, as Lambda or EventBridge says it. */
  readonly reason: string;
}

/** A message that is neither envelope: its body, as text, stands for the event. */
export interface UnreadableMessage extends Pick<FailureMessage, 'messageId' | 'receiptHandle' | 'arrivedAt' | 'event'> {
  readonly unreadable: string;
}

/**
 * Reads a message of a dead-letter queue. Lambda's OnFailure record carries the event in `requestPayload`; a rule target's dead letter is
 * the event itself, with `ERROR_CODE` and `ERROR_MESSAGE` as message attributes.
 * (docs.aws.amazon.com: lambda/latest/dg/invocation-async-retain-records, eventbridge/latest/userguide/eb-rule-dlq)
 */
export function readFailureMessage(message: Message): FailureMessage | UnreadableMessage {
  const known = {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    arrivedAt: Number(message.Attributes?.SentTimestamp ?? 0),
  };
  const unread = { ...known, event: message.Body ?? '' };
  const body = parse(message.Body);
  if (!isObject(body)) return { ...unread, unreadable: 'its body is no JSON object' };
  if (isTooDeep(body)) return { ...unread, unreadable: 'its body is nested too deeply to be redriven' };
  const changed = changeIn(unread.event);
  if (changed) return { ...unread, unreadable: `it cannot be redriven unchanged: ${changed}` };
  if (isObject(body['DDBStreamBatchInfo']))
    return { ...unread, unreadable: unpublished(body['DDBStreamBatchInfo'], reasonOfRecord(body)) };
  if ('requestContext' in body) {
    const { requestPayload: event = null } = body;
    if (event === null) return { ...unread, unreadable: withoutEvent(body) };
    return { ...known, route: 'retries exhausted', event, reason: reasonOfRecord(body) };
  }
  if (typeof body['detail-type'] === 'string' && 'detail' in body) {
    return { ...known, route: 'undeliverable', event: body, reason: reasonOfDeadLetter(message) };
  }
  return { ...unread, unreadable: 'it is neither a record of Lambda nor an event' };
}

function parse(body: string | undefined): Json | undefined {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}

/**
 * Near 1 MiB Lambda may leave the event out of its record. AWS says so of SNS ("OnFailure"), and not what stands in its place: an event that is
 * null counts as left out, since the bus carries none.
 */
const withoutEvent = (record: JsonObject) =>
  `Lambda left the event out of its record (${reasonOfRecord(record)}), as it may near 1 MiB: replay the six hours before ${record['timestamp'] ?? 'it arrived'}, then discard this`;

/** A stream's batch that was discarded: Lambda's record has its place, and not what was in it. */
const unpublished = (batch: JsonObject, reason: string) =>
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
