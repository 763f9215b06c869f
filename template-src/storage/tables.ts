import Table, { type SSESpecification as Encryption } from 'cloudform-types/types/dynamoDb/table';
import { If } from 'cloudform-types/types/functions';
import { type IndexSchema, type KeySchema, STREAM_VIEW_TYPE, TABLES } from '../../contracts/tables';
import { named } from '../intrinsics';
import type { ConditionName } from '../parameters';
import { type Resources, retained } from '../resources';
import { tableEncryption } from './data-key';

export type TableKey = keyof typeof TABLES;

/** Logical ids, by the contract's key. */
export const TABLE_IDS = {
  shipmentEvents: 'ShipmentEventsTable',
  shipments: 'ShipmentsTable',
  errorEvents: 'ErrorEventsTable',
} as const satisfies Record<TableKey, string>;

const keysOf = ({ partition, sort }: KeySchema) => (sort ? [partition, sort] : [partition]);

const keySchema = (keys: KeySchema) =>
  keysOf(keys).map(([AttributeName], index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }));

/** A table of contracts/tables.ts: on demand, with point-in-time recovery, encrypted, and never deleted with its stack. */
function table(key: TableKey, SSESpecification: Encryption) {
  const { name, ...schema } = TABLES[key];
  const indexes: [string, IndexSchema][] = Object.entries(schema.indexes);
  const attributes = new Map([schema, ...indexes.map(([, keys]) => keys)].flatMap(keysOf));
  return retained(
    new Table({
      TableName: named(name),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: keySchema(schema),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map(([IndexName, keys]) => ({
          IndexName,
          KeySchema: keySchema(keys),
          Projection: { ProjectionType: keys.keysOnly ? 'KEYS_ONLY' : 'ALL' },
        })),
      }),
      ...('streamed' in schema && { StreamSpecification: { StreamViewType: STREAM_VIEW_TYPE } }),
      ...('ttl' in schema && { TimeToLiveSpecification: { AttributeName: schema.ttl, Enabled: true } }),
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification,
      DeletionProtectionEnabled: If('ProtectsTables' satisfies ConditionName, true, false),
    }),
  );
}

const tablesWith = (encryption: Encryption): Resources => ({
  [TABLE_IDS.shipmentEvents]: table('shipmentEvents', encryption),
  [TABLE_IDS.shipments]: table('shipments', encryption),
  [TABLE_IDS.errorEvents]: table('errorEvents', encryption),
});

export const tables = tablesWith(tableEncryption);

/** Tables for an import, which accepts a table with any key and can create none: the next deployment sets the stack's own key. */
export const importedTables = tablesWith({ SSEEnabled: true });
