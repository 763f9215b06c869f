import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { startEmulator } from '../../local/emulator';
import { CREDENTIALS, REGION } from '../../local/environment';
import { TABLE_IDS, type TableKey } from '../../template-src/storage/tables';
import { stopAfterTests } from './after-tests';
import { resources } from './rendered';

type Row = Record<string, AttributeValue>;

interface Database {
  readonly db: DynamoDBClient;
  readonly tables: Readonly<Record<TableKey, string>>;
  row(table: TableKey, Key: Row): Promise<Row | undefined>;
  /** Creates another table and returns its name. */
  create(definition: Omit<CreateTableCommandInput, 'TableName' | 'BillingMode'>): Promise<string>;
}

/** A signal that never aborts. */
export const UNLIMITED = new AbortController().signal;
// Any number of calls may be under way at once.
setMaxListeners(0, UNLIMITED);

/** The embedded AWS takes two seconds on an idle machine. */
const START_TIMEOUT_MS = 60_000;

/** The DynamoDB Local that `DYNAMODB_LOCAL` names, else the embedded AWS. */
const endpoint = async () => process.env['DYNAMODB_LOCAL'] || (await startEmulator(stopAfterTests)).endpoint;

async function openDatabase(): Promise<Database> {
  // No AWS account knows these credentials: whatever the endpoint, no real table is at risk.
  const db = new DynamoDBClient({ endpoint: await endpoint(), region: REGION, credentials: CREDENTIALS });
  stopAfterTests(async () => db.destroy());

  const create: Database['create'] = async (definition) => {
    const TableName = `test-${randomUUID()}`;
    await db.send(new CreateTableCommand({ ...definition, TableName, BillingMode: 'PAY_PER_REQUEST' }));
    stopAfterTests(() => db.send(new DeleteTableCommand({ TableName })));
    return TableName;
  };

  /** Creates a table with the template's keys and indexes. */
  const createFromTemplate = (key: TableKey) => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = resources[TABLE_IDS[key]]?.Properties ?? {};
    return create({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes });
  };

  const tables = {
    shipmentEvents: await createFromTemplate('shipmentEvents'),
    shipments: await createFromTemplate('shipments'),
    errorEvents: await createFromTemplate('errorEvents'),
  };
  const row: Database['row'] = async (table, Key) =>
    (await db.send(new GetItemCommand({ TableName: tables[table], Key, ConsistentRead: true }))).Item;
  return { db, tables, row, create };
}

/** Opens a database before a file's tests and removes it after them. Returns a function that gets it during the tests. */
export function databaseOfFile(): () => Database {
  let database: Database | undefined;
  beforeAll(async () => {
    database = await openDatabase();
  }, START_TIMEOUT_MS);
  return () => {
    if (!database) throw new Error('the database is open during tests only');
    return database;
  };
}
