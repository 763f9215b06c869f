import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { NAMES } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import { type Claims, heldUnless, notTried, verdict } from './claim';
import { tableOf, temporaryTableName } from './tables';
import type { Trial } from './trial';

/** The last five minutes are not restorable yet, and recovery of a new table begins some minutes after it is enabled. */
const WINDOW_MINUTES = 20;
const IN_TIME = `within ${WINDOW_MINUTES} minutes`;
const RESTORE_MINUTES = 60;

async function recoveryOf(TableName: string, { target }: Trial) {
  const { ContinuousBackupsDescription } = await target.db.send(new DescribeContinuousBackupsCommand({ TableName }));
  return ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
}

export const restore: Claims = {
  'table-settings': {
    sentence: "CloudFormation sets each table's point-in-time recovery and TTL, and can restore to ten minutes ago.",
    source: 'docs/security.md, "The data"; DynamoDB developer guide, "Point-in-time recovery"',
    how: "each table's settings (read only)",
    async try(trial) {
      const { db, name, now } = trial.target;
      const problems: string[] = [];
      for (const table of Object.values(TABLES)) {
        const TableName = name(table.name);
        const { PointInTimeRecoveryStatus, LatestRestorableDateTime } = await recoveryOf(TableName, trial);
        if (PointInTimeRecoveryStatus !== 'ENABLED') problems.push(`${TableName}: no point-in-time recovery`);
        else if (!LatestRestorableDateTime || now() - LatestRestorableDateTime.getTime() > 600_000)
          problems.push(`${TableName}: restorable until ${LatestRestorableDateTime?.toISOString() ?? 'no time'}`);
        if (!('ttl' in table)) continue;
        const { TimeToLiveDescription } = await db.send(new DescribeTimeToLiveCommand({ TableName }));
        if (TimeToLiveDescription?.TimeToLiveStatus !== 'ENABLED') problems.push(`${TableName}: no TTL`);
      }
      return heldUnless(problems, 'all are set');
    },
  },
  'own-key': {
    sentence: "With EncryptWithOwnKey the tables have the stack's own key.",
    source: 'decision 9; DynamoDB developer guide, "Managing encrypted tables in DynamoDB"',
    how: 'the key of each table and that of the alias (read only); that functions can use it, every other claim shows',
    needs: 'EncryptWithOwnKey',
    async try({ target }) {
      const KeyId = target.name(NAMES.dataKeyAlias);
      const { KeyMetadata } = await target.kms.send(new DescribeKeyCommand({ KeyId }));
      const keys = await Promise.all(
        Object.values(TABLES).map(async ({ name }) => {
          const { Table } = await target.db.send(new DescribeTableCommand({ TableName: target.name(name) }));
          return Table?.SSEDescription?.KMSMasterKeyArn;
        }),
      );
      const matching = keys.filter((key) => key !== undefined && key === KeyMetadata?.Arn);
      return verdict(matching.length === keys.length, `${matching.length} of ${keys.length} tables have ${KeyId}`);
    },
  },
  'restore-second': {
    sentence: 'A restore returns the rows as of the requested second.',
    source: 'docs/runbook.md, "Back to yesterday"; DynamoDB developer guide, "Point-in-time recovery"',
    how: "with --restore: a table of the run's own with two rows, a minute apart, restored to the moment between them; an hour at most",
    async try(trial) {
      if (!trial.restores) return notTried('it takes up to an hour and a restored table: --restore');
      const { db } = trial.target;
      const TableName = await tableOf(trial, 'versions');
      await db.send(
        new UpdateContinuousBackupsCommand({
          TableName,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      );
      const put = (version: string) =>
        db.send(new PutItemCommand({ TableName, Item: toAttributes({ shipment_id: 'RESTORE', version }) }));
      const isOpen = async () => {
        const { EarliestRestorableDateTime: earliest } = await recoveryOf(TableName, trial);
        return earliest !== undefined && earliest.getTime() <= trial.target.now();
      };
      await trial.need(WINDOW_MINUTES, isOpen, `the table had no restorable second ${IN_TIME}`);
      await put('before');
      await trial.pause(0.5);
      const RestoreDateTime = new Date(Math.floor(trial.target.now() / 1_000) * 1_000);
      await trial.pause(0.5);
      await put('after');
      const isRestorable = async () => {
        const { LatestRestorableDateTime: latest } = await recoveryOf(TableName, trial);
        return latest !== undefined && latest >= RestoreDateTime;
      };
      await trial.need(WINDOW_MINUTES, isRestorable, `the second was not restorable ${IN_TIME}`);
      const TargetTableName = temporaryTableName('restored', trial);
      await db.send(
        new RestoreTableToPointInTimeCommand({ SourceTableName: TableName, TargetTableName, RestoreDateTime }),
      );
      const wait = { client: db, maxWaitTime: RESTORE_MINUTES * 60, maxDelay: 20, abortSignal: trial.ending };
      await waitUntilTableExists(wait, { TableName: TargetTableName });
      const { Items = [] } = await db.send(new ScanCommand({ TableName: TargetTableName, ConsistentRead: true }));
      const rows = Items.filter(({ shipment_id }) => shipment_id?.S === 'RESTORE').map(({ version }) => version?.S);
      return verdict(
        rows.join() === 'before',
        `rows at ${RestoreDateTime.toISOString()}: ${rows.join(', ') || 'none'}`,
      );
    },
  },
};
