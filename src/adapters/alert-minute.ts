import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ALERTS_A_MINUTE } from '../../contracts/notifications';
import { ALERT_MINUTES, errorRowTtl, TABLES } from '../../contracts/tables';
import type { AlertMinute } from '../application/limit-alerts';
import { sha256 } from '../domain/shipment-event';
import { stringOf, toAttributes } from './attributes';

const MINUTE_MS = 60_000;

interface Alert {
  /** Names the event among those of its minute. */
  readonly error_id: string;
  readonly error_type: string;
  /** Epoch milliseconds of its first attempt, which decides its minute in every attempt. */
  readonly firstSeenAt: number;
}

const digestOf = (text: string) => sha256(text).slice(0, 16);

/**
 * The row of an alert's minute in the error table. It counts the messages `admitted`, in all and of each error type; the events `suppressed`;
 * and how many of these the `summaries` have `taken`. It names the `summarizer` of the rest, and keeps the count of each summary. While fewer
 * are taken than suppressed, there is a summarizer. Error types and ids are foreign text, so attribute names have their digests; there are no
 * more of these than messages.
 */
export function alertMinute(
  db: DynamoDBClient,
  table: string,
  { error_id, error_type, firstSeenAt }: Alert,
  abortSignal: AbortSignal,
): AlertMinute {
  const timestamp = firstSeenAt - (firstSeenAt % MINUTE_MS);
  const row = { TableName: table, Key: toAttributes({ error_id: ALERT_MINUTES, timestamp }) };

  /** Updates the row and returns it; unchanged when the condition does not hold. */
  const update = async (input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) => {
    try {
      const command = new UpdateItemCommand({
        ...row,
        ...input,
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return { updated: true, item: (await db.send(command, { abortSignal })).Attributes };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { updated: false, item: error.Item };
      throw error;
    }
  };

  return {
    async admit() {
      const { updated } = await update({
        UpdateExpression: 'SET #ttl = :ttl ADD admitted :one, #type :one',
        ConditionExpression: `(attribute_not_exists(admitted) OR admitted < :inAll)
          AND (attribute_not_exists(#type) OR #type < :ofOneType)`,
        ExpressionAttributeNames: { '#ttl': TABLES.errorEvents.ttl, '#type': `admitted_${digestOf(error_type)}` },
        ExpressionAttributeValues: toAttributes({
          ':ttl': errorRowTtl(timestamp),
          ':one': 1,
          ':inAll': ALERTS_A_MINUTE.inAll,
          ':ofOneType': ALERTS_A_MINUTE.ofOneType,
        }),
      });
      return updated;
    },

    async suppress() {
      const { item } = await update({
        UpdateExpression:
          'SET taken = if_not_exists(taken, :zero), summarizer = if_not_exists(summarizer, :me) ADD suppressed :one',
        ExpressionAttributeValues: toAttributes({ ':me': error_id, ':zero': 0, ':one': 1 }),
      });
      return { summarizes: stringOf(item, 'summarizer') === error_id, summaries: Number(item?.['summaries']?.N ?? 0) };
    },

    async takeSummary() {
      const summary = `summary_${digestOf(error_id)}`;
      const { item } = await update({
        UpdateExpression: 'SET #summary = suppressed - taken, taken = suppressed REMOVE summarizer ADD summaries :one',
        ConditionExpression: 'summarizer = :me',
        ExpressionAttributeNames: { '#summary': summary },
        ExpressionAttributeValues: toAttributes({ ':me': error_id, ':one': 1 }),
      });
      const count = item?.[summary]?.N;
      return count === undefined ? undefined : Number(count);
    },
  };
}
