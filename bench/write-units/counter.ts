import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ResponseObserver } from '../../local/faults/fault-proxy';
import { type Item, only } from './item';
import { type Change, type IndexRules, type Units, writeUnits } from './rules';

interface Table {
  readonly key: readonly string[];
  readonly indexes: readonly IndexRules[];
}

interface Request {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConditionExpression?: string;
}

/** Counts the write units of a function's requests: keeps every item that was written, and reads each item again after a write. */
export class WriteCounter {
  private readonly writes: Units[] = [];
  private failure: unknown;
  private readonly tables = new Map<string, Promise<Table>>();
  private readonly items = new Map<string, Item>();

  constructor(private readonly db: DynamoDBClient) {}

  /** For a proxy between the functions and AWS. The functions' items must have no other writer. */
  readonly observeResponse: ResponseObserver = ({ service, label }, body, status) => {
    if (service !== 'dynamodb') return undefined;
    // A call without a rule fails the count, not the call.
    return this.count(label, JSON.parse(body.toString()), status === 200).catch((error: unknown) => {
      this.failure ??= error;
    });
  };

  /** Returns the writes since the last call. @throws Error after a request for which there is no rule */
  take(): readonly Units[] {
    if (this.failure) throw this.failure;
    return this.writes.splice(0);
  }

  private async count(label: string, request: Request, succeeded: boolean): Promise<void> {
    const { TableName, Item: put, ConditionExpression } = request;
    const operation = label.split(' ')[1];
    if (operation === 'Query') return;
    if (operation !== 'PutItem' && operation !== 'UpdateItem') throw new Error(`no rule for the cost of ${label}`);
    if (!succeeded && !ConditionExpression) throw new Error(`${label} failed without a condition`);
    const { key, indexes } = await this.table(TableName);
    const at = only(put ?? request.Key ?? {}, key);
    const id = JSON.stringify([TableName, at]);
    const before = this.items.get(id);
    const change: Change = succeeded
      ? { condition: 'held', before, after: await this.read(TableName, at, id) }
      : { condition: 'failed', before, put };
    this.writes.push(writeUnits(change, indexes));
  }

  private async read(TableName: string, Key: Record<string, AttributeValue>, id: string): Promise<Item> {
    const { Item } = await this.db.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    if (!Item) throw new Error(`${id} was written but does not exist`);
    this.items.set(id, Item);
    return Item;
  }

  private table(name: string): Promise<Table> {
    const table = this.tables.get(name) ?? this.describe(name);
    this.tables.set(name, table);
    return table;
  }

  /** Key and indexes as deployed. */
  private async describe(TableName: string): Promise<Table> {
    const { Table } = await this.db.send(new DescribeTableCommand({ TableName }));
    const namesOf = (keys: readonly { AttributeName?: string | undefined }[] = []) =>
      keys.map(({ AttributeName = '' }) => AttributeName);
    const key = namesOf(Table?.KeySchema);
    const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ KeySchema, Projection }): IndexRules => {
      const indexKey = namesOf(KeySchema);
      const copies = [...key, ...indexKey, ...(Projection?.NonKeyAttributes ?? [])];
      return { key: indexKey, copies: Projection?.ProjectionType === 'ALL' ? 'all' : copies };
    });
    return { key, indexes };
  }
}
