import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import type { Target } from '../target/target';
import { attention, type Check, ok } from './check';

/** Checks that each table exists and can be used: without its key it cannot, and after seven days only a backup is left. */
export const tables: Check = {
  name: 'tables',
  async run({ target }) {
    const all = await Promise.all(Object.values(TABLES).map(({ name }) => stateOf(target.name(name), target)));
    const problems = all.flatMap((table) => problemOf(table, target) ?? []);
    if (problems.length > 0) return problems;
    const keys = [...new Set(all.flatMap(({ key }) => key ?? []))];
    return [ok([`all ${all.length} can be used`, ...keys.map((key) => `encrypted with ${key}`)].join(', '))];
  },
};

interface TableState {
  readonly name: string;
  readonly exists: boolean;
  readonly key?: string | undefined;
  readonly inaccessibleSince?: Date | undefined;
}

async function stateOf(TableName: string, { db }: Target): Promise<TableState> {
  try {
    const { Table } = await db.send(new DescribeTableCommand({ TableName }));
    const { KMSMasterKeyArn, InaccessibleEncryptionDateTime } = Table?.SSEDescription ?? {};
    return { name: TableName, exists: true, key: KMSMasterKeyArn, inaccessibleSince: InaccessibleEncryptionDateTime };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { name: TableName, exists: false };
    throw error;
  }
}

function problemOf({ name, exists, key = '', inaccessibleSince }: TableState, { aws }: Target) {
  // DynamoDB makes a backup of a restorable table that is deleted, and keeps it for 35 days.
  if (!exists)
    return attention(`${name} is not there`, aws`dynamodb list-backups --table-name ${name} --backup-type ALL`);
  if (!inaccessibleSince) return undefined;
  return attention(
    `${name} cannot be used since ${inaccessibleSince.toISOString()}: its key is disabled or about to be deleted`,
    [aws`kms cancel-key-deletion --key-id ${key}`, aws`kms enable-key --key-id ${key}`].join('; '),
  );
}
