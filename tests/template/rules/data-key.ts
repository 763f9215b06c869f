/** The stack's own key for data: who uses it, what it encrypts, and that it cannot be taken away. */
import { FUNCTION_KEYS, functionName } from '../../../contracts/functions';
import { functionIds } from '../../../template-src/logical-ids';
import {
  accountDecides,
  attribute,
  keyProtection,
  mustBe,
  mustHave,
  named,
  onlyIf,
  type Rules,
  ref,
  resourcesOf,
  sub,
} from './rule';

const KEY = 'DataKey';

const whereTurnedOn = (value: unknown) => onlyIf('HasDataKey', value);

const logGroup = (name: string) =>
  sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${name}-\${EnvironmentSuffix}`);

const LOG_GROUPS = [
  ...FUNCTION_KEYS.map((key) => `/aws/lambda/${functionName(key)}`),
  '/aws/vendedlogs/events/event-bus/logistics-events',
];

const encrypts = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

const throughServices = {
  Sid: 'ThroughDynamoDbAndLambda',
  Effect: 'Allow',
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
  Effect: 'Allow',
  Principal: { Service: sub('logs.${AWS::Region}.${AWS::URLSuffix}') },
  Action: encrypts,
  Resource: '*',
  Condition: {
    ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': LOG_GROUPS.map(logGroup) },
  },
};

export const dataKeyRules: Rules = {
  'each table is encrypted in KMS, where the parameter says so with the stack’s own key': (template) =>
    resourcesOf(template, 'AWS::DynamoDB::Table').flatMap(([id]) =>
      mustHave(template, id, {
        SSESpecification: {
          SSEEnabled: true,
          SSEType: whereTurnedOn('KMS'),
          KMSMasterKeyId: whereTurnedOn(attribute(KEY)),
        },
      }),
    ),

  'so is each function’s log, and its variables, and the log of the bus': (template) => [
    ...mustHave(template, 'BusLogGroup', { KmsKeyId: whereTurnedOn(attribute(KEY)) }),
    ...FUNCTION_KEYS.map(functionIds).flatMap((ids) => [
      ...mustHave(template, ids.logGroup, { KmsKeyId: whereTurnedOn(attribute(KEY)) }),
      ...mustHave(template, ids.function, { KmsKeyArn: whereTurnedOn(attribute(KEY)) }),
    ]),
  ],

  // Roles that name the key would lose it before a table does, or the table have it before them.
  'the data key turns, and serves callers that may use a table or a function, through that service, and the functions’ logs':
    (template) =>
      mustHave(template, KEY, {
        EnableKeyRotation: true,
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [accountDecides, throughServices, logGroups, ...keyProtection],
        },
      }),

  'the data key is there where it is used, under a name': (template) => {
    return [
      ...mustHave(template, 'DataKeyAlias', { AliasName: named('alias/logistics-data'), TargetKeyId: attribute(KEY) }),
      ...[KEY, 'DataKeyAlias'].flatMap((id) =>
        mustBe(`the condition of ${id}`, template.Resources[id]?.Condition, 'HasDataKey'),
      ),
    ];
  },
};
