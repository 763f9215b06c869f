import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import type { Trial } from './trial';

type Definition = Pick<CreateTableCommandInput, 'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes'>;

/** Keys and indexes of one of the stack's tables. */
async function definitionOf(table: string, { target }: Trial): Promise<Definition> {
  const { Table = {} } = await target.db.send(new DescribeTableCommand({ TableName: target.name(table) }));
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = Table;
  const indexes = GlobalSecondaryIndexes?.map((index) => ({
    IndexName: index.IndexName,
    KeySchema: index.KeySchema,
    Projection: index.Projection,
  }));
  return { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes: indexes };
}

const VERSIONS: Definition = {
  KeySchema: [
    { AttributeName: 'shipment_id', KeyType: 'HASH' },
    { AttributeName: 'version', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['shipment_id', 'version'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
};

/** Creates a table of this run once for all claims: like one of the stack's, without its stream, or one that sorts by version. @returns its name */
export const tableOf = (trial: Trial, key: 'shipmentEvents' | 'shipments' | 'versions'): Promise<string> =>
  trial.once(`table ${key}`, async () => {
    const { db } = trial.target;
    const definition = key === 'versions' ? VERSIONS : await definitionOf(TABLES[key].name, trial);
    const TableName = temporaryTableName(key, trial);
    await db.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...definition }));
    await waitUntilTableExists({ client: db, maxWaitTime: 300, minDelay: 1, maxDelay: 5 }, { TableName });
    return TableName;
  });

/** Names a table that is about to be created, and registers its deletion. */
export function temporaryTableName(name: string, trial: Trial): string {
  const TableName = trial.name(name);
  trial.undo(`table ${TableName}`, () => trial.target.db.send(new DeleteTableCommand({ TableName })));
  return TableName;
}
