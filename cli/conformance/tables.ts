import {
  CreateTableCommand,
  DeleteTableCommand,
  type KeySchemaElement,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import { again, type Trial } from './trial';

/** Keys of a table or an index, as TABLES has them. */
interface Keys {
  readonly partition: readonly [string, 'S' | 'N'];
  readonly sort?: readonly [string, 'S' | 'N'];
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
    const indexes = Object.entries(schema.indexes);
    const attributes = new Map(
      [schema, ...Object.values(schema.indexes)].flatMap(({ partition, sort }) => [partition, ...(sort ? [sort] : [])]),
    );
    const TableName = trial.name(key);
    trial.undo(`table ${TableName}`, () => deleteTable(TableName, trial));
    await db.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(schema),
        AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({
          AttributeName,
          AttributeType,
        })),
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map(([IndexName, keys]) => ({
            IndexName,
            KeySchema: keySchema(keys),
            Projection: { ProjectionType: 'ALL' },
          })),
        }),
      }),
    );
    await waitUntilTableExists({ client: db, maxWaitTime: 300, minDelay: 1, maxDelay: 5 }, { TableName });
    return TableName;
  });

/** Deletes a table; one that is being made or changed refuses for a while. */
export const deleteTable = (TableName: string, { target }: Trial) =>
  again(60, () => target.db.send(new DeleteTableCommand({ TableName })));
