import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import type { Target } from '../target';
import { type Check, look, ok } from './check';

/** Whether each table can be used: without its key it cannot, and after seven days of that only a backup is left of it. */
export const tables: Check = {
  name: 'tables',
  async run({ target }) {
    const all = await Promise.all(Object.values(TABLES).map(({ name }) => encryptionOf(target.name(name), target)));
    const locked = all.filter(({ inaccessibleSince }) => inaccessibleSince);
    if (locked.length === 0) {
      const keys = [...new Set(all.flatMap(({ key }) => key ?? []))];
      return [ok([`all ${all.length} can be used`, ...keys.map((key) => `encrypted with ${key}`)].join(', '))];
    }
    return locked.map(({ name, inaccessibleSince, key }) =>
      look(
        `${name} cannot be used since ${inaccessibleSince?.toISOString()}: its key is disabled or about to be deleted`,
        `aws kms cancel-key-deletion --key-id ${key}; aws kms enable-key --key-id ${key}`,
      ),
    );
  },
};

async function encryptionOf(TableName: string, target: Target) {
  const { Table } = await target.db.send(new DescribeTableCommand({ TableName }));
  return {
    name: TableName,
    key: Table?.SSEDescription?.KMSMasterKeyArn,
    inaccessibleSince: Table?.SSEDescription?.InaccessibleEncryptionDateTime,
  };
}
