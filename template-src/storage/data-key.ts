/**
 * The stack's own key for tables, log groups and the functions' variables, where `EncryptWithOwnKey` is on. The queues keep SQS's own
 * encryption: an event that failed because of this key must still reach its queue.
 */
import Alias from 'cloudform-types/types/kms/alias';
import Key from 'cloudform-types/types/kms/key';
import { BUS_LOG_GROUP } from '../../contracts/bus-log';
import { FUNCTION_KEYS, logGroupName } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { arnOf, named, onlyIf, ref, sub } from '../intrinsics';
import type { ConditionName } from '../parameters';
import { accountDecides, policyDocument, type Statement } from '../policy';
import { type Resources, retained } from '../resources';
import { keyProtection } from './key-protection';

export const DATA_KEY_ID = 'DataKey';

const HAS_DATA_KEY = 'HasDataKey' satisfies ConditionName;

/** ARN of the stack's own key. While the parameter is off, the property is left out and AWS's keys encrypt. */
export const dataKeyArn = onlyIf(HAS_DATA_KEY, arnOf(DATA_KEY_ID));

/** Encryption of a table. Without the key its `SSEType` is left out too, as in releases before the key existed. */
export const tableEncryption = {
  SSEEnabled: true,
  SSEType: onlyIf<string>(HAS_DATA_KEY, 'KMS'),
  KMSMasterKeyId: dataKeyArn,
};

const ENCRYPTING = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/**
 * A caller that may use a table or a function may use its key through that service only, as with AWS's own keys for both services. So a role
 * works before and after a table's key changes. The actions are the fewest that DynamoDB requires ("Using IAM with customer managed keys");
 * Lambda requires no others. A policy that named the functions' roles would be a circular dependency of role, table and key.
 */
const throughServices: Statement = {
  Sid: 'ThroughDynamoDbAndLambda',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: ['kms:CreateGrant', ...ENCRYPTING],
  Resource: '*',
  Condition: {
    StringEquals: {
      'kms:CallerAccount': ref('AWS::AccountId'),
      'kms:ViaService': [sub('dynamodb.${AWS::Region}.amazonaws.com'), sub('lambda.${AWS::Region}.amazonaws.com')],
    },
  },
};

/** CloudWatch Logs uses the key as a service principal, and its encryption context names the log group ("Encrypt log data"). */
const logGroups: Statement = {
  Sid: 'LogGroups',
  Effect: 'Allow',
  Principal: { Service: sub('logs.${AWS::Region}.${AWS::URLSuffix}') },
  Action: ENCRYPTING,
  Resource: '*',
  Condition: {
    ArnEquals: {
      'kms:EncryptionContext:aws:logs:arn': [...FUNCTION_KEYS.map(logGroupName), BUS_LOG_GROUP].map((name) =>
        named(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${name}`),
      ),
    },
  },
};

const key = new Key({
  Description: sub('Encrypts tables, logs and variables of logistics-event-processor (${EnvironmentSuffix})'),
  EnableKeyRotation: true,
  KeyPolicy: policyDocument(accountDecides, throughServices, logGroups, ...keyProtection),
});

export const dataKey: Resources = {
  [DATA_KEY_ID]: retained(key).condition(HAS_DATA_KEY),
  DataKeyAlias: new Alias({ AliasName: named(NAMES.dataKeyAlias), TargetKeyId: arnOf(DATA_KEY_ID) }).condition(
    HAS_DATA_KEY,
  ),
};
