/** Who may do what. Tests of the built handlers' own traffic hold these lists against what is really called. */
import {
  EVENT_FUNCTION_KEYS,
  FUNCTION_KEYS,
  type FunctionKey,
  QUEUED_FUNCTION_KEYS,
  recordsShipments,
  SCHEDULED_FUNCTION_KEYS,
  type ShipmentFunctionKey,
} from '../../../contracts/functions';
import { functionIds } from '../../../template-src/logical-ids';
import { ROLLBACK_ALARMS } from './deployments';
import { alias, attribute, mustBe, mustHave, onlyIf, type Rules, ref, resourcesOf, sub, tlsOnly } from './rule';

export interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const statement = (Action: string | readonly string[], Resource: unknown): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
});

const policy = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement });

/** SNS encrypts for the publisher. */
const usesTopicKey = statement(['kms:Decrypt', 'kms:GenerateDataKey'], attribute('TopicKey'));

const puts = (source: string, detailType: string) => ({
  ...statement('events:PutEvents', attribute('EventBus')),
  Condition: { StringEquals: { 'events:source': [source], 'events:detail-type': [detailType] } },
});

const announces = puts('logistics.pipeline', 'Event Failed');

const RECORDS_SHIPMENTS = [
  statement(['dynamodb:PutItem', 'dynamodb:UpdateItem'], attribute('ShipmentEventsTable')),
  statement('dynamodb:PutItem', attribute('ShipmentsTable')),
  statement('dynamodb:UpdateItem', attribute('ErrorEventsTable')),
  statement('sns:Publish', ref('ProcessingTopic')),
  usesTopicKey,
  announces,
];

/** Beside logs, traces and dead-letter queues. */
const ALLOWED: Readonly<Record<FunctionKey, readonly PolicyStatement[]>> = {
  ...(Object.fromEntries(EVENT_FUNCTION_KEYS.filter(recordsShipments).map((key) => [key, RECORDS_SHIPMENTS])) as Record<
    ShipmentFunctionKey,
    typeof RECORDS_SHIPMENTS
  >),
  'notification-handler': [
    statement(['dynamodb:GetItem', 'dynamodb:UpdateItem'], attribute('ErrorEventsTable')),
    statement('sns:Publish', [ref('AlertsTopic'), ref('ProcessingTopic')]),
    usesTopicKey,
  ],
  'status-publisher': [
    statement('dynamodb:UpdateItem', attribute('ErrorEventsTable')),
    puts('logistics.status', 'Shipment Status Changed'),
    announces,
  ],
  'stalled-shipments': [
    statement('dynamodb:Query', sub('${ShipmentsTable.Arn}/index/status-index')),
    statement('dynamodb:UpdateItem', attribute('ShipmentsTable')),
    puts('logistics.status', 'Shipment Stalled'),
    statement('sns:Publish', ref('ProcessingTopic')),
    usesTopicKey,
  ],
  'carrier-webhook': [
    puts('logistics.shipment', 'Shipment Status Updated'),
    puts('logistics.error', 'Processing Error'),
    statement(
      'ssm:GetParameter',
      sub(
        'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/logistics/carriers-${EnvironmentSuffix}',
      ),
    ),
  ],
};

/** What the service that invokes a function needs of its role. */
const invokedBy = (key: FunctionKey): PolicyStatement[] => {
  const stream = statement(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    attribute('ShipmentsTable', 'StreamArn'),
  );
  const isQueued = QUEUED_FUNCTION_KEYS.some((queued) => queued === key);
  return [
    ...(key === 'status-publisher' ? [stream] : []),
    ...(isQueued ? [statement('sqs:SendMessage', attribute(functionIds(key).queue))] : []),
  ];
};

/** A role of one service, for this account, under the path and the boundary that the deployer's permissions are about. */
const servesOnly = (service: string) => ({
  Path: sub('/logistics/${EnvironmentSuffix}/'),
  PermissionsBoundary: onlyIf(
    'HasPermissionsBoundary',
    sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/${PermissionsBoundary}'),
  ),
  AssumeRolePolicyDocument: policy({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
  }),
});

const INVOKED_BY_RULES = [...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS];

const CODEDEPLOY_ROLE = 'GradualDeploymentRole';

const functionIdsOf = FUNCTION_KEYS.map((key) => functionIds(key).function);

/** X-Ray has no resources to name. */
const traces = onlyIf('TracesRequests', statement(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*'));

export const permissionRules: Rules = {
  'each role is Lambda’s to take, and allows its function what it does and nothing else': (template) => [
    ...FUNCTION_KEYS.flatMap((key) => {
      const ids = functionIds(key);
      return mustHave(template, ids.role, {
        ...servesOnly('lambda.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'own-resources',
            PolicyDocument: policy(
              statement(['logs:CreateLogStream', 'logs:PutLogEvents'], attribute(ids.logGroup)),
              ...invokedBy(key),
              ...ALLOWED[key],
              traces,
            ),
          },
        ],
        // A managed policy would allow more than is seen here.
        ManagedPolicyArns: undefined,
        // A name of its own would ask the deployer for CAPABILITY_NAMED_IAM.
        RoleName: undefined,
      });
    }),
    ...mustBe('the number of roles', resourcesOf(template, 'AWS::IAM::Role').length, FUNCTION_KEYS.length + 1),
  ],

  'each function of a rule is invoked by it, through its alias, and by nobody else': (template) => [
    ...INVOKED_BY_RULES.flatMap((key) => {
      const ids = functionIds(key);
      return mustBe(ids.permission, template.Resources[ids.permission]?.Properties, {
        FunctionName: alias(ids.function),
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: attribute(ids.rule),
      });
    }),
    ...mustBe(
      'the number of permissions',
      resourcesOf(template, 'AWS::Lambda::Permission').length,
      INVOKED_BY_RULES.length + 2,
    ),
  ],

  'one function has a public address, while the parameter opens it, and is invoked through that alone': (template) => [
    ...mustBe('the public addresses', resourcesOf(template, 'AWS::Lambda::Url'), [
      [
        'CarrierWebhookUrl',
        {
          Type: 'AWS::Lambda::Url',
          Condition: 'TakesCarrierWebhooks',
          Properties: { TargetFunctionArn: alias('CarrierWebhook'), AuthType: 'NONE' },
          Metadata: template.Resources['CarrierWebhookUrl']?.Metadata,
        },
      ],
    ]),
    ...(
      [
        ['CarrierWebhookUrlPermission', { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }],
        ['CarrierWebhookUrlInvocation', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }],
      ] as const
    ).flatMap(([id, permitted]) =>
      mustBe(id, template.Resources[id], {
        Type: 'AWS::Lambda::Permission',
        Condition: 'TakesCarrierWebhooks',
        Properties: { FunctionName: alias('CarrierWebhook'), Principal: '*', ...permitted },
      }),
    ),
    ...mustHave(template, 'CarrierWebhook', {
      ReservedConcurrentExecutions: onlyIf('BoundsCarrierWebhooks', ref('CarrierWebhookConcurrency')),
    }),
  ],

  'CodeDeploy, when it is used, moves these functions’ aliases and reads their alarms, and does nothing else': (
    template,
  ) => [
    ...mustBe('the condition of CodeDeploy’s role', template.Resources[CODEDEPLOY_ROLE]?.Condition, 'DeploysGradually'),
    ...mustHave(template, CODEDEPLOY_ROLE, {
      ...servesOnly('codedeploy.amazonaws.com'),
      Policies: [
        {
          PolicyName: 'move-aliases',
          PolicyDocument: policy(
            statement(
              ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
              functionIdsOf.flatMap((id) => [attribute(id), sub(`\${${id}.Arn}:*`)]),
            ),
            statement(
              'cloudwatch:DescribeAlarms',
              ROLLBACK_ALARMS.map((id) => attribute(id)),
            ),
          ),
        },
      ],
      ManagedPolicyArns: undefined,
      RoleName: undefined,
    }),
  ],

  'each queue takes messages from its rule, if it has one, and nobody else, over TLS': (template) =>
    resourcesOf(template, 'AWS::SQS::Queue').flatMap(([id]) => {
      const rule = id.replace(/(Failure)?Queue$/, 'Rule');
      return mustBe(`${id}Policy`, template.Resources[`${id}Policy`]?.Properties, {
        Queues: [ref(id)],
        PolicyDocument: policy(
          ...(template.Resources[rule]
            ? [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'events.amazonaws.com' },
                  Action: 'sqs:SendMessage',
                  Resource: attribute(id),
                  Condition: { ArnEquals: { 'aws:SourceArn': attribute(rule) } },
                },
              ]
            : []),
          tlsOnly('sqs:*', attribute(id)),
        ),
      });
    }),

  'only the functions that announce failures, or publish statuses, put events of that source on the bus': ({
    Resources,
  }) =>
    (
      [
        [
          'OwnAnnouncements',
          'OnlyTheFunctionsAnnounce',
          'logistics.pipeline',
          [...EVENT_FUNCTION_KEYS.filter(recordsShipments).map((key) => functionIds(key).role), 'StatusPublisherRole'],
        ],
        [
          'OwnStatusEvents',
          'OnlyTheFunctionPublishes',
          'logistics.status',
          ['StatusPublisherRole', 'StalledShipmentsRole'],
        ],
      ] as const
    ).flatMap(([id, StatementId, source, roles]) =>
      mustBe(id, Resources[id]?.Properties, {
        EventBusName: ref('EventBus'),
        StatementId,
        Statement: {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'events:PutEvents',
          Resource: attribute('EventBus'),
          Condition: {
            'ForAnyValue:StringEquals': { 'events:source': source },
            ArnNotEquals: { 'aws:PrincipalArn': roles.map((role) => attribute(role)) },
          },
        },
      }),
    ),

  // The source is a list, of all entries of a call: one of another source among them must not go with the others.
  'other accounts put events of one source on this bus when they are named for it, and do nothing else': ({
    Resources,
  }) =>
    [
      ['ProducerAccess', 'HasProducerAccounts', 'OtherAccountsPutEvents', 'ProducerAccountIds', 'logistics.shipment'],
      [
        'ErrorProducerAccess',
        'HasErrorProducerAccounts',
        'OtherAccountsReportErrors',
        'ErrorProducerAccountIds',
        'logistics.error',
      ],
    ].flatMap(([id = '', Condition, StatementId, accounts = '', source]) =>
      mustBe(id, Resources[id], {
        Type: 'AWS::Events::EventBusPolicy',
        Condition,
        Properties: {
          EventBusName: ref('EventBus'),
          StatementId,
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: ref(accounts) },
            Action: 'events:PutEvents',
            Resource: attribute('EventBus'),
            Condition: { 'ForAllValues:StringEquals': { 'events:source': source }, Null: { 'events:source': 'false' } },
          },
        },
      }),
    ),
};
