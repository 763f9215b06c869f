import {
  CreateTableCommand,
  DeleteTableCommand,
  type KeySchemaElement,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type KeyType, TABLES } from '../../contracts/tables';
import type { Trial } from './trial';

/** Keys of a table or an index, as TABLES has them. */
interface Keys {
  readonly partition: readonly [string, KeyType];
  readonly sort?: readonly [string, KeyType];
}

const keySchema = ({ partition, sort }: Keys): KeySchemaElement[] => [
  { AttributeName: partition[0], KeyType: 'HASH' },
  ...(sort ? [{ AttributeName: sort[0], KeyType: 'RANGE' } as const] : []),
];

const VERSIONS = { partition: ['shipment_id', 'S'], sort: ['version', 'S'], indexes: {} } as const;

/** Tables of the run's own: two with the keys and indexes of the stack's, and one that sorts by version. No stream and no function sees them. */
const SCHEMAS = { log: TABLES.shipmentEvents, statuses: TABLES.shipments, versions: VERSIONS } as const;

/** Makes a table of the run's own; answers its name. */
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
    const TableName = undoneTable(key, trial);
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

/** The name of a table that is about to be made, and is deleted at the end. */
export function undoneTable(name: string, trial: Trial): string {
  const TableName = trial.name(name);
  trial.undo(`table ${TableName}`, () => trial.target.db.send(new DeleteTableCommand({ TableName })));
  return TableName;
}
