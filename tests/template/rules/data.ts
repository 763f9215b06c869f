/** Rules that keep data from being lost or read by others. tools/release compares the tables' names and keys with the last release. */
import { If } from 'cloudform-types/types/functions';
import { BUS_LOG_GROUP } from '../../../contracts/bus-log';
import { FUNCTION_KEYS, logGroupName } from '../../../contracts/functions';
import { arnOf, named, onlyIf, ref, sub } from '../../../template-src/intrinsics';
import { accountDecides, policyDocument } from '../../../template-src/policy';
import { keyProtection } from '../../../template-src/storage/key-protection';
import { all, exactly, have, mustBe, ofEach, type Rules } from './rule';

const TOPICS = ['AlertsTopic', 'ProcessingTopic'];

const TABLES = ['ShipmentEventsTable', 'ShipmentsTable', 'ErrorEventsTable'];

const eachTable = (expected: (id: string) => object) =>
  have(Object.fromEntries(TABLES.map((id) => [id, { ...expected(id) }])));

/** Types that hold data, and the bus, to which an archive belongs for good. */
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

const alarmsEncrypt = {
  Sid: 'AlarmsPublish',
  Effect: 'Allow' as const,
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
};

export const dataRules: Rules = {
  'each table has point-in-time recovery, and deletion protection when TableDeletionProtection is on': eachTable(
    () => ({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: If('ProtectsTables', true, false),
    }),
  ),

  'rows of the event log and the error table can expire, and shipments never do': eachTable((id) => ({
    TimeToLiveSpecification: id === 'ShipmentsTable' ? undefined : { AttributeName: 'ttl', Enabled: true },
  })),

  'tables, keys, queues, archive and bus outlive the stack, and nothing else does': ({ Resources }) =>
    Object.entries(Resources).flatMap(([id, { Type, DeletionPolicy, UpdateReplacePolicy }]) => {
      const policy = OUTLIVING.includes(Type) ? 'Retain' : undefined;
      return mustBe(
        `the pair of DeletionPolicy and UpdateReplacePolicy of ${id}`,
        [DeletionPolicy, UpdateReplacePolicy],
        [policy, policy],
      );
    }),

  'the bus logs errors, without its events, to a log group with retention when BusLogs is on': all(
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

  'each table is encrypted by KMS, with the stack’s own key when EncryptWithOwnKey is on': eachTable(() => ({
    SSESpecification: { SSEEnabled: true, SSEType: onlyIf('HasDataKey', 'KMS'), KMSMasterKeyId: dataKey },
  })),

  'logs and function variables are encrypted with the stack’s own key when EncryptWithOwnKey is on': all(
    have({ BusLogGroup: { KmsKeyId: dataKey } }, 'LogsBus'),
    have(
      ofEach(FUNCTION_KEYS, (ids) => ({
        [ids.logGroup]: { KmsKeyId: dataKey },
        [ids.function]: { KmsKeyArn: dataKey },
      })),
    ),
  ),

  'the data key rotates, obeys the account’s IAM, and serves DynamoDB, Lambda and the stack’s log groups': have(
    {
      DataKey: {
        EnableKeyRotation: true,
        KeyPolicy: policyDocument(accountDecides, throughServices, logGroups, ...keyProtection),
      },
      DataKeyAlias: { TargetKeyId: arnOf('DataKey') },
    },
    'HasDataKey',
  ),

  // What the policies allow is tried in tests/integration/security/resource-policies.test.ts.
  'both topics have a policy and are encrypted with the stack’s own key': all(
    have(Object.fromEntries(TOPICS.map((id) => [id, { KmsMasterKeyId: ref('TopicKey') }]))),
    have(Object.fromEntries(TOPICS.map((id) => [`${id}Policy`, { Topics: [ref(id)] }]))),
    exactly(TOPICS.length, 'AWS::SNS::Topic'),
  ),

  'the topics’ key rotates, obeys the account’s IAM, and serves this account’s alarms': have({
    TopicKey: {
      EnableKeyRotation: true,
      KeyPolicy: policyDocument(accountDecides, alarmsEncrypt, ...keyProtection),
    },
    TopicKeyAlias: { TargetKeyId: arnOf('TopicKey') },
  }),
};
