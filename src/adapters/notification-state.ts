import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { NotificationState } from '../application/notify-once';
import { stringOf } from './attributes';

export interface NotifiableRow {
  readonly table: string;
  readonly key: Record<string, AttributeValue>;
  /** Attribute names of lease and mark; a row that is notified about for several reasons has a pair for each. */
  readonly leaseName: string;
  readonly notifiedName: string;
  /** This invocation's lease. */
  readonly lease: string;
  /** The row is notified about only while its `version` is this one. */
  readonly version?: string;
  /** Attributes that a claim sets as well, as `SET` expressions with their names and values. */
  readonly alsoSet?: {
    readonly expressions: readonly string[];
    readonly names: Readonly<Record<string, string>>;
    readonly values: Record<string, AttributeValue>;
  };
}

/** Lease and mark on a row by conditional writes; `now` is epoch milliseconds by the handler's clock. */
export function notificationState(
  db: DynamoDBClient,
  row: NotifiableRow,
  now: () => number,
  abortSignal: AbortSignal,
): NotificationState {
  const { table: TableName, key: Key, lease, leaseName, notifiedName, version, alsoSet } = row;
  const names = { '#lease': leaseName, '#notified': notifiedName };
  const versioned = version === undefined ? [] : ['version = :version'];
  const versionValue = version === undefined ? {} : { ':version': { S: version } };
  const send = (command: UpdateItemCommand) => db.send(command, { abortSignal });

  return {
    async claim() {
      try {
        const { Attributes } = await send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: `SET ${['#lease = :mine', ...(alsoSet?.expressions ?? [])].join(', ')}`,
            // A lease begins with its deadline, so an expired one sorts before now and is taken over in one write.
            ConditionExpression: [
              'attribute_not_exists(#notified) AND (attribute_not_exists(#lease) OR #lease < :now OR #lease = :mine)',
              ...versioned,
            ].join(' AND '),
            ExpressionAttributeNames: { ...names, ...alsoSet?.names },
            ExpressionAttributeValues: {
              ':mine': { S: lease },
              ':now': { S: String(now()) },
              ...versionValue,
              ...alsoSet?.values,
            },
            ReturnValues: 'UPDATED_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        const firstSeenAt = stringOf(Attributes, 'first_seen_at');
        return firstSeenAt === undefined ? {} : { firstSeenAt: Date.parse(firstSeenAt) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return stringOf(error.Item, notifiedName) === undefined ? 'held' : 'notified';
      }
    },

    async release() {
      await send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'REMOVE #lease',
          ConditionExpression: '#lease = :mine',
          ExpressionAttributeNames: { '#lease': leaseName },
          ExpressionAttributeValues: { ':mine': { S: lease } },
        }),
      );
    },

    async markNotified() {
      try {
        await send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: 'SET #notified = if_not_exists(#notified, :now) REMOVE #lease',
            ...(version !== undefined && { ConditionExpression: versioned.join() }),
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ':now': { S: new Date(now()).toISOString() }, ...versionValue },
          }),
        );
      } catch (error) {
        // The row has a newer version: the one that was notified about no longer needs a mark.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
