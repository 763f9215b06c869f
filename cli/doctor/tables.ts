import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import type { Target } from '../target/target';
import { attention, type Findings, ok, type Stack } from './check';
import { enableKey } from './keys';

/** Checks that each table exists and its key can be used. DynamoDB archives a table seven days after its key became unusable. */
export async function tables({ target }: Stack): Promise<Findings> {
  const all = await Promise.all(Object.values(TABLES).map(({ name }) => stateOf(target.name(name), target)));
  const problems = all.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return problems;
  const keys = [...new Set(all.flatMap(({ key }) => key ?? []))];
  return [ok([`all ${all.length} can be used`, ...keys.map((key) => `encrypted with ${key}`)].join(', '))];
}

async function stateOf(TableName: string, target: Target) {
  try {
    const { Table } = await target.db.send(new DescribeTableCommand({ TableName }));
    const { KMSMasterKeyArn: key, InaccessibleEncryptionDateTime: since } = Table?.SSEDescription ?? {};
    if (!since) return { key };
    const finding = `${TableName} has been inaccessible since ${since.toISOString()}: its key is disabled or about to be deleted`;
    return { problem: attention(finding, enableKey(key ?? '', target)) };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    // DynamoDB keeps a backup of a deleted table with point-in-time recovery for 35 days.
    const backups = target.aws`dynamodb list-backups --table-name ${TableName} --backup-type ALL`;
    return { problem: attention(`${TableName} does not exist`, backups) };
  }
}
