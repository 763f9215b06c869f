import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { startEmulator } from '../../local/emulator';
import { CREDENTIALS, REGION } from '../../local/environment';
import { TABLE_IDS, type TableKey } from '../../template-src/tables';
import { resources } from '../template/rendered';

/** A DynamoDB with the template's tables in it. */
export interface Database {
  readonly db: DynamoDBClient;
  /** The table's name here. */
  readonly tables: Readonly<Record<TableKey, string>>;
  /** Adds a table that only a test needs; answers its name. */
  create(definition: Omit<CreateTableCommandInput, 'TableName' | 'BillingMode'>): Promise<string>;
  /** Takes the tables away again, and ends what was started for them. */
  close(): Promise<void>;
}

/** Never cut off: no test here is about that. */
export const UNLIMITED = new AbortController().signal;
// Any number of calls may be under way at once.
setMaxListeners(0, UNLIMITED);

/** The embedded AWS takes two seconds on an idle machine. */
const START_TIMEOUT_MS = 60_000;

/** The DynamoDB Local that `DYNAMODB_LOCAL` names, else the embedded AWS. */
async function endpoint(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const given = process.env['DYNAMODB_LOCAL'];
  return given ? { endpoint: given, stop: async () => undefined } : startEmulator(() => undefined);
}

async function openDatabase(): Promise<Database> {
  const { endpoint: url, stop } = await endpoint();
  // Credentials that no AWS account knows: whatever the endpoint is, nothing real can be touched.
  const db = new DynamoDBClient({ endpoint: url, region: REGION, credentials: CREDENTIALS });
  const created: string[] = [];

  const create: Database['create'] = async (definition) => {
    const TableName = `test-${randomUUID()}`;
    await db.send(new CreateTableCommand({ ...definition, TableName, BillingMode: 'PAY_PER_REQUEST' }));
    created.push(TableName);
    return TableName;
  };

  /** As CloudFormation would create it; encryption and backups are the service's own affair. */
  const createFromTemplate = async (key: TableKey) => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, TimeToLiveSpecification } =
      resources[TABLE_IDS[key]]?.Properties ?? {};
    const TableName = await create({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes });
    if (TimeToLiveSpecification) await db.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    return TableName;
  };

  return {
    db,
    tables: {
      shipmentEvents: await createFromTemplate('shipmentEvents'),
      shipments: await createFromTemplate('shipments'),
      errorEvents: await createFromTemplate('errorEvents'),
    },
    create,
    async close() {
      for (const TableName of created) await db.send(new DeleteTableCommand({ TableName }));
      db.destroy();
      await stop();
    },
  };
}

/** Opens a database before the tests of a file and closes it after them; answers how they reach it. */
export function databaseOfFile(): () => Database {
  let database: Database | undefined;
  beforeAll(async () => {
    database = await openDatabase();
  }, START_TIMEOUT_MS);
  afterAll(() => database?.close(), START_TIMEOUT_MS);
  return () => {
    if (!database) throw new Error('the database is open during tests only');
    return database;
  };
}
