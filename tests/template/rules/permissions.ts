/** Who may do what. Tests of the built handlers' own traffic hold these lists against what is really called. */
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
import { all, have, ofEach, only, type Rules } from './rule';

/** SNS encrypts for the publisher. */
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

const isShipments = (key: FunctionKey): key is ShipmentFunctionKey =>
  EVENT_FUNCTION_KEYS.filter(recordsShipments).some((each) => each === key);

/** Of the others, beside logs, traces and dead-letter queues. */
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

/** A role of one service, for this account, under the path and the boundary that the deployer's permissions are about. */
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
  // A managed policy would allow more than is seen here.
  ManagedPolicyArns: undefined,
  // A name of its own would ask the deployer for CAPABILITY_NAMED_IAM.
  RoleName: undefined,
});

const INVOKED_BY_RULES = [...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS];

const calledByAll = { FunctionName: aliasOf('CarrierWebhook'), Principal: '*' };

/** Of the bus, about putting events. */
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
  'each role is Lambda’s to take, and allows its function what it does and nothing else': all(
    have(
      ofEach(FUNCTION_KEYS, (ids, key) => ({
        [ids.role]: roleOf(
          'lambda.amazonaws.com',
          'own-resources',
          allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(ids.logGroup)),
          ...(key === 'status-publisher' ? [readsStream] : []),
          ...(isUrlFunction(key) ? [] : [allow('sqs:SendMessage', arnOf(ids.queue))]),
          ...(isShipments(key) ? RECORDS_SHIPMENTS : ALLOWED[key]),
          traces,
        ),
      })),
    ),
    only(FUNCTION_KEYS.length + 1, 'AWS::IAM::Role'),
  ),

  'CodeDeploy, when it is used, moves these functions’ aliases and reads their alarms, and does nothing else': have(
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

  'each function of a rule is invoked by it alone, through its alias': all(
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
    only(INVOKED_BY_RULES.length + 2, 'AWS::Lambda::Permission'),
  ),

  'one function has a public address, while the parameter opens it, and is invoked through that alone': all(
    have(
      {
        CarrierWebhookUrl: { TargetFunctionArn: aliasOf('CarrierWebhook'), AuthType: 'NONE' },
        CarrierWebhookUrlPermission: {
          ...calledByAll,
          Action: 'lambda:InvokeFunctionUrl',
          FunctionUrlAuthType: 'NONE',
        },
        CarrierWebhookUrlInvocation: { ...calledByAll, Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
      },
      'TakesCarrierWebhooks',
    ),
    have({
      CarrierWebhook: {
        ReservedConcurrentExecutions: onlyIf('BoundsCarrierWebhooks', ref('CarrierWebhookConcurrency')),
      },
    }),
    only(1, 'AWS::Lambda::Url'),
  ),

  'only the functions that announce failures, or publish statuses, put events of that source on the bus': have({
    OwnAnnouncements: onlyRolesPut(
      'OnlyTheFunctionsAnnounce',
      'logistics.pipeline',
      ...FUNCTION_KEYS.filter(isShipments).map((key) => functionIds(key).role),
      'StatusPublisherRole',
    ),
    OwnStatusEvents: onlyRolesPut(
      'OnlyTheFunctionPublishes',
      'logistics.status',
      'StatusPublisherRole',
      'StalledShipmentsRole',
    ),
  }),

  // The source is a list, of all entries of a call: one of another source among them must not go with the others.
  'other accounts put events of one source on this bus when they are named for it, and do nothing else': all(
    have(
      { ProducerAccess: accountsPut('OtherAccountsPutEvents', 'ProducerAccountIds', 'logistics.shipment') },
      'HasProducerAccounts',
    ),
    have(
      { ErrorProducerAccess: accountsPut('OtherAccountsReportErrors', 'ErrorProducerAccountIds', 'logistics.error') },
      'HasErrorProducerAccounts',
    ),
    only(4, 'AWS::Events::EventBusPolicy'),
  ),
};
