import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** Settings of a table. */
export async function settingsOf(db: DynamoDBClient, TableName: string) {
  const [{ Table }, { TimeToLiveDescription }, { ContinuousBackupsDescription }] = await Promise.all([
    db.send(new DescribeTableCommand({ TableName })),
    db.send(new DescribeTimeToLiveCommand({ TableName })),
    db.send(new DescribeContinuousBackupsCommand({ TableName })),
  ]);
  const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => [
    IndexName,
    KeySchema,
    Projection,
  ]);
  return {
    schema: [Table?.KeySchema, Table?.AttributeDefinitions, Table?.BillingModeSummary?.BillingMode, indexes],
    isProtected: Table?.DeletionProtectionEnabled,
    restorable: ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    expires: TimeToLiveDescription,
  };
}
