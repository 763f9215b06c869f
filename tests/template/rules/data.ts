import { type KeyType, TABLES } from '../../../contracts/tables';
import { besideProperties, mustBe, mustHave, named, type Rules } from './rule';

interface Keys {
  readonly partition: readonly [string, KeyType];
  readonly sort?: readonly [string, KeyType];
  readonly keysOnly?: true;
}

const TABLE_OF = {
  shipmentEvents: 'ShipmentEventsTable',
  shipments: 'ShipmentsTable',
  errorEvents: 'ErrorEventsTable',
} as const satisfies Record<keyof typeof TABLES, string>;

const TABLE_KEYS = Object.keys(TABLE_OF) as (keyof typeof TABLES)[];

const keysOf = ({ partition, sort }: Keys) => (sort ? [partition, sort] : [partition]);

const keySchema = (keys: Keys) =>
  keysOf(keys).map(([AttributeName], index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }));

/** Where data is, and the bus: an archive is of one bus for good. */
const OUTLIVING = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::SQS::Queue',
  'AWS::Events::EventBus',
  'AWS::Events::Archive',
];

const OUTLIVES = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

export const dataRules: Rules = {
  'each table has the contract’s name, keys and indexes': (template) =>
    TABLE_KEYS.flatMap((key) => {
      const { name, indexes, ...keys } = TABLES[key];
      const declared: [string, Keys][] = Object.entries(indexes);
      const attributes = [keys, ...declared.map(([, each]) => each)].flatMap(keysOf);
      return mustHave(template, TABLE_OF[key], {
        TableName: named(name),
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(keys),
        AttributeDefinitions: [...new Map(attributes)].map(([AttributeName, AttributeType]) => ({
          AttributeName,
          AttributeType,
        })),
        GlobalSecondaryIndexes:
          declared.length === 0
            ? undefined
            : declared.map(([IndexName, each]) => ({
                IndexName,
                KeySchema: keySchema(each),
                Projection: { ProjectionType: each.keysOnly ? 'KEYS_ONLY' : 'ALL' },
              })),
      });
    }),

  'each table is restorable to any second of 35 days': (template) =>
    TABLE_KEYS.flatMap((key) =>
      mustHave(template, TABLE_OF[key], {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ),

  'no table can be deleted where the parameter says so': (template) =>
    TABLE_KEYS.flatMap((key) =>
      mustHave(template, TABLE_OF[key], { DeletionProtectionEnabled: { 'Fn::If': ['ProtectsTables', true, false] } }),
    ),

  'rows of the log and of errors can expire, and no shipment does': (template) =>
    TABLE_KEYS.flatMap((key) =>
      mustHave(template, TABLE_OF[key], {
        TimeToLiveSpecification: key === 'shipments' ? undefined : { AttributeName: 'ttl', Enabled: true },
      }),
    ),

  'what holds data, its keys and the bus outlive their stack, and nothing else does': ({ Resources }) =>
    Object.entries(Resources).flatMap(([id, resource]) => {
      const { DeletionPolicy, UpdateReplacePolicy } = besideProperties(resource);
      return mustBe(
        `what becomes of ${id}`,
        { DeletionPolicy, UpdateReplacePolicy },
        OUTLIVING.includes(resource.Type) ? OUTLIVES : { DeletionPolicy: undefined, UpdateReplacePolicy: undefined },
      );
    }),
};
