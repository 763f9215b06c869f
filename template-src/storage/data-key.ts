/**
 * The key of the stack's own for tables, log groups and the functions' variables, for who turns it on (`EncryptWithOwnKey`). The queues
 * stay with SQS's own encryption: an event that failed because of this key must still reach its queue.
 */
import Alias from 'cloudform-types/types/kms/alias';
import Key from 'cloudform-types/types/kms/key';
import { BUS_LOG_GROUP } from '../../contracts/bus-log';
import { FUNCTION_KEYS, logGroupName } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { arnOf, named, onlyIf, ref, sub } from '../intrinsics';
import type { ConditionName } from '../parameters';
import { accountDecides, policyDocument, type Statement } from '../policy';
import type { Resources } from '../resources';
import { retained } from '../resources';
import { keyProtection } from './key-protection';

export const DATA_KEY_ID = 'DataKey';

const HAS_DATA_KEY = 'HasDataKey' satisfies ConditionName;

/** The stack's own key for a resource that encrypts; without the parameter there is none, and AWS's keys encrypt. */
export const dataKeyArn = onlyIf(HAS_DATA_KEY, arnOf(DATA_KEY_ID));

/** Of a table; its `SSEType` is left out with the key, as in the tables of stacks from before there was one. */
export const tableEncryption = {
  SSEEnabled: true,
  SSEType: onlyIf<string>(HAS_DATA_KEY, 'KMS'),
  KMSMasterKeyId: dataKeyArn,
};

const ENCRYPTING = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/**
 * A caller that may use a table or a function uses its key through that service, and in no other way: so have AWS's own keys for both services,
 * and so a role can be used with a table before and after its key changes. The actions are the least that DynamoDB asks for ("Using IAM with
 * customer managed keys"); Lambda asks for no others. Naming the functions' roles instead would close a circle: role, table, key.
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

/** CloudWatch Logs uses the key as itself, for writers and readers alike, and names the log group ("Encrypt log data"). */
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
