import {
  CreateTableCommand,
  DeleteTableCommand,
  type KeySchemaElement,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type KeyType, TABLES } from '../../contracts/tables';
import type { Trial } from './trial';

interface Keys {
  readonly partition: readonly [string, KeyType];
  readonly sort?: readonly [string, KeyType];
}

const keySchema = ({ partition, sort }: Keys): KeySchemaElement[] => [
  { AttributeName: partition[0], KeyType: 'HASH' },
  ...(sort ? [{ AttributeName: sort[0], KeyType: 'RANGE' } as const] : []),
];

const VERSIONS = { partition: ['shipment_id', 'S'], sort: ['version', 'S'], indexes: {} } as const;

/** Tables of this run: two with the keys and indexes of the stack's, and one that sorts by version. They have no streams. */
const SCHEMAS = { log: TABLES.shipmentEvents, statuses: TABLES.shipments, versions: VERSIONS } as const;

/** Creates a table once for all claims. @returns its name */
export const tableOf = (trial: Trial, key: keyof typeof SCHEMAS): Promise<string> =>
  trial.once(`table ${key}`, async () => {
    const { db } = trial.target;
    const schema: Keys & { readonly indexes: Readonly<Record<string, Keys>> } = SCHEMAS[key];
    const indexes = Object.entries(schema.indexes).map(([IndexName, keys]) => ({
      IndexName,
      KeySchema: keySchema(keys),
      Projection: { ProjectionType: 'ALL' } as const,
    }));
    const attributes = new Map(
      [schema, ...Object.values(schema.indexes)].flatMap(({ partition, sort }) => [partition, ...(sort ? [sort] : [])]),
    );
    const TableName = temporaryTableName(key, trial);
    await db.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(schema),
        AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({
          AttributeName,
          AttributeType,
        })),
        ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
      }),
    );
    await waitUntilTableExists({ client: db, maxWaitTime: 300, minDelay: 1, maxDelay: 5 }, { TableName });
    return TableName;
  });

/** Names a table that is about to be created, and registers its deletion. */
export function temporaryTableName(name: string, trial: Trial): string {
  const TableName = trial.name(name);
  trial.undo(`table ${TableName}`, () => trial.target.db.send(new DeleteTableCommand({ TableName })));
  return TableName;
}
