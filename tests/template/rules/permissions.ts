/** Rules on permissions. tests/integration/security/least-privilege.test.ts compares them with the calls of the built handlers. */
import { GetAtt } from 'cloudform-types/types/functions';
import {
  EVENT_FUNCTION_KEYS,
  FUNCTION_KEYS,
  type FunctionKey,
  isUrlFunction,
  recordsShipments,
  SCHEDULED_FUNCTION_KEYS,
  type ShipmentFunctionKey,
} from '../../../contracts/functions';
import { aliasOf, arnOf, onlyIf, ref, sub } from '../../../template-src/intrinsics';
import { functionIds } from '../../../template-src/logical-ids';
import { allow, policyDocument } from '../../../template-src/policy';
import { ROLLBACK_ALARMS } from './functions';
import { all, exactly, have, ofEach, type Rules } from './rule';

/** SNS encrypts with the permissions of the publisher. */
const usesTopicKey = allow(['kms:Decrypt', 'kms:GenerateDataKey'], arnOf('TopicKey'));

const puts = (source: string, detailType: string) => ({
  ...allow('events:PutEvents', arnOf('EventBus')),
  Condition: { StringEquals: { 'events:source': [source], 'events:detail-type': [detailType] } },
});

const announces = puts('logistics.pipeline', 'Event Failed');

const RECORDS_SHIPMENTS = [
  allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], arnOf('ShipmentEventsTable')),
  allow('dynamodb:PutItem', arnOf('ShipmentsTable')),
  allow('dynamodb:UpdateItem', arnOf('ErrorEventsTable')),
  allow('sns:Publish', ref('ProcessingTopic')),
  usesTopicKey,
  announces,
];

const isShipmentFunction = (key: FunctionKey): key is ShipmentFunctionKey =>
  EVENT_FUNCTION_KEYS.filter(recordsShipments).some((shipmentKey) => shipmentKey === key);

/** Permissions of the other functions beyond logs, traces and dead-letter queues. */
const ALLOWED = {
  'notification-handler': [
    allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], arnOf('ErrorEventsTable')),
    allow('sns:Publish', [ref('AlertsTopic'), ref('ProcessingTopic')]),
    usesTopicKey,
  ],
  'status-publisher': [
    allow('dynamodb:UpdateItem', arnOf('ErrorEventsTable')),
    puts('logistics.status', 'Shipment Status Changed'),
    announces,
  ],
  'stalled-shipments': [
    allow('dynamodb:Query', sub('${ShipmentsTable.Arn}/index/status-index')),
    allow('dynamodb:UpdateItem', arnOf('ShipmentsTable')),
    puts('logistics.status', 'Shipment Stalled'),
    allow('sns:Publish', ref('ProcessingTopic')),
    usesTopicKey,
  ],
  'carrier-webhook': [
    puts('logistics.shipment', 'Shipment Status Updated'),
    puts('logistics.error', 'Processing Error'),
    allow(
      'ssm:GetParameter',
      sub(
        'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/logistics/carriers-${EnvironmentSuffix}',
      ),
    ),
  ],
};

const readsStream = allow(
  ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
  GetAtt('ShipmentsTable', 'StreamArn'),
);

/** X-Ray has no resources to name. */
const traces = onlyIf('TracesRequests', allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*'));

/** A role that one service assumes, with the path and the boundary that the deploy role's permissions require. */
const roleOf = (service: string, PolicyName: string, ...statements: Parameters<typeof policyDocument>) => ({
  Path: sub('/logistics/${EnvironmentSuffix}/'),
  PermissionsBoundary: onlyIf(
    'HasPermissionsBoundary',
    sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/${PermissionsBoundary}'),
  ),
  AssumeRolePolicyDocument: policyDocument({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
  }),
  Policies: [{ PolicyName, PolicyDocument: policyDocument(...statements) }],
  // A managed policy could allow more than the inline one.
  ManagedPolicyArns: undefined,
  // An explicit name would require CAPABILITY_NAMED_IAM.
  RoleName: undefined,
});

const INVOKED_BY_RULES = [...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS];

const callableByAll = { FunctionName: aliasOf('CarrierWebhook'), Principal: '*' };

/** A statement of the bus's policy about PutEvents. */
const busPolicy = (StatementId: string, statement: object) => ({
  EventBusName: ref('EventBus'),
  StatementId,
  Statement: { ...statement, Action: 'events:PutEvents', Resource: arnOf('EventBus') },
});

const onlyRolesPut = (StatementId: string, source: string, ...roles: readonly string[]) =>
  busPolicy(StatementId, {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Condition: {
      'ForAnyValue:StringEquals': { 'events:source': source },
      ArnNotEquals: { 'aws:PrincipalArn': roles.map(arnOf) },
    },
  });

const accountsPut = (StatementId: string, parameter: string, source: string) =>
  busPolicy(StatementId, {
    Effect: 'Allow',
    Principal: { AWS: ref(parameter) },
    Condition: { 'ForAllValues:StringEquals': { 'events:source': source }, Null: { 'events:source': 'false' } },
  });

export const permissionRules: Rules = {
  'only Lambda can assume a function’s role, which allows what the function does and nothing else': all(
    have(
      ofEach(FUNCTION_KEYS, (ids, key) => ({
        [ids.role]: roleOf(
          'lambda.amazonaws.com',
          'own-resources',
          allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(ids.logGroup)),
          ...(key === 'status-publisher' ? [readsStream] : []),
          ...(isUrlFunction(key) ? [] : [allow('sqs:SendMessage', arnOf(ids.queue))]),
          ...(isShipmentFunction(key) ? RECORDS_SHIPMENTS : ALLOWED[key]),
          traces,
        ),
      })),
    ),
    exactly(FUNCTION_KEYS.length + 1, 'AWS::IAM::Role'),
  ),

  'CodeDeploy may move these functions’ aliases and read their alarms when GradualDeployment is on, and nothing else':
    have(
      {
        GradualDeploymentRole: roleOf(
          'codedeploy.amazonaws.com',
          'move-aliases',
          allow(
            ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
            FUNCTION_KEYS.map((key) => functionIds(key).function).flatMap((id) => [arnOf(id), sub(`\${${id}.Arn}:*`)]),
          ),
          allow('cloudwatch:DescribeAlarms', ROLLBACK_ALARMS.map(arnOf)),
        ),
      },
      'DeploysGradually',
    ),

  'a function with a rule is invoked by that rule only, through its alias': all(
    have(
      ofEach(INVOKED_BY_RULES, (ids) => ({
        [ids.permission]: {
          FunctionName: aliasOf(ids.function),
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          SourceArn: arnOf(ids.rule),
        },
      })),
    ),
    exactly(INVOKED_BY_RULES.length + 2, 'AWS::Lambda::Permission'),
  ),

  'only carrier-webhook has a public URL, while CarrierWebhooks is on, and its concurrency is limited': all(
    have(
      {
        CarrierWebhookUrl: { TargetFunctionArn: aliasOf('CarrierWebhook'), AuthType: 'NONE' },
        CarrierWebhookUrlPermission: {
          ...callableByAll,
          Action: 'lambda:InvokeFunctionUrl',
          FunctionUrlAuthType: 'NONE',
        },
        CarrierWebhookUrlInvocation: { ...callableByAll, Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
      },
      'TakesCarrierWebhooks',
    ),
    have({
      CarrierWebhook: {
        ReservedConcurrentExecutions: onlyIf('BoundsCarrierWebhooks', ref('CarrierWebhookConcurrency')),
      },
    }),
    exactly(1, 'AWS::Lambda::Url'),
  ),

  'only the functions that report failures or publish statuses may put events of those sources on the bus': have({
    OwnAnnouncements: onlyRolesPut(
      'OnlyTheFunctionsAnnounce',
      'logistics.pipeline',
      ...FUNCTION_KEYS.filter(isShipmentFunction).map((key) => functionIds(key).role),
      'StatusPublisherRole',
    ),
    OwnStatusEvents: onlyRolesPut(
      'OnlyTheFunctionPublishes',
      'logistics.status',
      'StatusPublisherRole',
      'StalledShipmentsRole',
    ),
  }),

  'another account may only put events of one source on the bus, and only when a parameter names the account': all(
    have(
      { ProducerAccess: accountsPut('OtherAccountsPutEvents', 'ProducerAccountIds', 'logistics.shipment') },
      'HasProducerAccounts',
    ),
    have(
      { ErrorProducerAccess: accountsPut('OtherAccountsReportErrors', 'ErrorProducerAccountIds', 'logistics.error') },
      'HasErrorProducerAccounts',
    ),
    exactly(4, 'AWS::Events::EventBusPolicy'),
  ),
};
