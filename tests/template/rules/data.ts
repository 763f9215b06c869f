/** That no data is lost or read by others: tables, keys, queues and logs. Tables' names and keys are held to the last release (tools/release). */
import { If } from 'cloudform-types/types/functions';
import { BUS_LOG_GROUP } from '../../../contracts/bus-log';
import { FUNCTION_KEYS, logGroupName } from '../../../contracts/functions';
import { arnOf, named, onlyIf, ref, sub } from '../../../template-src/intrinsics';
import { accountDecides, policyDocument } from '../../../template-src/policy';
import { keyProtection } from '../../../template-src/storage/key-protection';
import { all, have, mustBe, ofEach, type Rules } from './rule';

const TABLES = ['ShipmentEventsTable', 'ShipmentsTable', 'ErrorEventsTable'];

const eachTable = (expected: (id: string) => object) =>
  have(Object.fromEntries(TABLES.map((id) => [id, { ...expected(id) }])));

/** Where data is, and the bus: an archive is of one bus for good. */
const OUTLIVING = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::SQS::Queue',
  'AWS::Events::EventBus',
  'AWS::Events::Archive',
];

const dataKey = onlyIf('HasDataKey', arnOf('DataKey'));

const encrypts = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

const throughServices = {
  Sid: 'ThroughDynamoDbAndLambda',
  Effect: 'Allow' as const,
  Principal: { AWS: '*' },
  Action: ['kms:CreateGrant', ...encrypts],
  Resource: '*',
  Condition: {
    StringEquals: {
      'kms:CallerAccount': ref('AWS::AccountId'),
      'kms:ViaService': [sub('dynamodb.${AWS::Region}.amazonaws.com'), sub('lambda.${AWS::Region}.amazonaws.com')],
    },
  },
};

const logGroups = {
  Sid: 'LogGroups',
  Effect: 'Allow' as const,
  Principal: { Service: sub('logs.${AWS::Region}.${AWS::URLSuffix}') },
  Action: encrypts,
  Resource: '*',
  Condition: {
    ArnEquals: {
      'kms:EncryptionContext:aws:logs:arn': [...FUNCTION_KEYS.map(logGroupName), BUS_LOG_GROUP].map((name) =>
        named(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${name}`),
      ),
    },
  },
};

export const dataRules: Rules = {
  'each table is restorable to any second of 35 days, and cannot be deleted where the parameter says so': eachTable(
    () => ({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: If('ProtectsTables', true, false),
    }),
  ),

  'rows of the log and of errors can expire, and no shipment does': eachTable((id) => ({
    TimeToLiveSpecification: id === 'ShipmentsTable' ? undefined : { AttributeName: 'ttl', Enabled: true },
  })),

  'what holds data, its keys and the bus outlive their stack, and nothing else does': ({ Resources }) =>
    Object.entries(Resources).flatMap(([id, { Type, DeletionPolicy, UpdateReplacePolicy }]) => {
      const policy = OUTLIVING.includes(Type) ? 'Retain' : undefined;
      return mustBe(`what becomes of ${id}`, [DeletionPolicy, UpdateReplacePolicy], [policy, policy]);
    }),

  'the bus logs errors, and nothing of its events, where the parameter says so, to a log group of its own, which forgets':
    all(
      have({ EventBus: { LogConfig: onlyIf('LogsBus', { Level: 'ERROR', IncludeDetail: 'NONE' }) } }),
      have(
        {
          BusLogGroup: { RetentionInDays: ref('LogRetentionDays') },
          BusLogSource: { LogType: 'ERROR_LOGS', ResourceArn: arnOf('EventBus') },
          BusLogDestination: { DestinationResourceArn: arnOf('BusLogGroup') },
          BusLogDelivery: {
            DeliverySourceName: ref('BusLogSource'),
            DeliveryDestinationArn: arnOf('BusLogDestination'),
          },
        },
        'LogsBus',
      ),
    ),

  'each table is encrypted in KMS, where the parameter says so with the stack’s own key': eachTable(() => ({
    SSESpecification: { SSEEnabled: true, SSEType: onlyIf('HasDataKey', 'KMS'), KMSMasterKeyId: dataKey },
  })),

  'so is each function’s log, and its variables, and the log of the bus': all(
    have({ BusLogGroup: { KmsKeyId: dataKey } }, 'LogsBus'),
    have(
      ofEach(FUNCTION_KEYS, (ids) => ({
        [ids.logGroup]: { KmsKeyId: dataKey },
        [ids.function]: { KmsKeyArn: dataKey },
      })),
    ),
  ),

  // Roles that name the key would lose it before a table does, or the table have it before them.
  'the data key turns, and serves callers that may use a table or a function, through that service, and the functions’ logs':
    have(
      {
        DataKey: {
          EnableKeyRotation: true,
          KeyPolicy: policyDocument(accountDecides, throughServices, logGroups, ...keyProtection),
        },
        DataKeyAlias: { TargetKeyId: arnOf('DataKey') },
      },
      'HasDataKey',
    ),
};
