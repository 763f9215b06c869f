import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import type { Target } from '../target';
import { type Check, look, ok } from './check';

/** Whether each table is there and can be used: without its key it cannot, and after seven days of that only a backup is left of it. */
export const tables: Check = {
  name: 'tables',
  async run({ target }) {
    const all = await Promise.all(Object.values(TABLES).map(({ name }) => stateOf(target.name(name), target)));
    const troubled = all.flatMap((table) => troubleWith(table, target) ?? []);
    if (troubled.length > 0) return troubled;
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

function troubleWith({ name, exists, key = '', inaccessibleSince }: TableState, { aws }: Target) {
  // DynamoDB makes a backup of a restorable table that is deleted, and keeps it for 35 days.
  if (!exists) return look(`${name} is not there`, aws`dynamodb list-backups --table-name ${name} --backup-type ALL`);
  if (!inaccessibleSince) return undefined;
  return look(
    `${name} cannot be used since ${inaccessibleSince.toISOString()}: its key is disabled or about to be deleted`,
    [aws`kms cancel-key-deletion --key-id ${key}`, aws`kms enable-key --key-id ${key}`].join('; '),
  );
}
