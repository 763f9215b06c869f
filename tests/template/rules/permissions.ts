/**
 * Rules on permissions. What a function's own calls need is compared with these calls in tests/integration/security/least-privilege.test.ts;
 * the bus's policies are tried by IAM's rules in resource-policies.test.ts beside it.
 */
import { GetAtt } from 'cloudform-types/types/functions';
import {
  EVENT_FUNCTION_KEYS,
  FUNCTION_KEYS,
  type FunctionKey,
  isUrlFunction,
  SCHEDULED_FUNCTION_KEYS,
} from '../../../contracts/functions';
import { aliasOf, arnOf, onlyIf, ref, sub } from '../../../template-src/intrinsics';
import { functionIds } from '../../../template-src/logical-ids';
import { allow, policyDocument } from '../../../template-src/policy';
import { all, exactly, have, mustBe, ofEach, plain, type Rules } from './rule';

/** Functions that a rule invokes. All of them publish to a topic. */
const INVOKED_BY_RULES = [...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS];

/** SNS encrypts with the permissions of the publisher. */
const usesTopicKey = allow(['kms:Decrypt', 'kms:GenerateDataKey'], arnOf('TopicKey'));

const readsStream = allow(
  ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
  GetAtt('ShipmentsTable', 'StreamArn'),
);

/** X-Ray has no resources to name. */
const traces = onlyIf('TracesRequests', allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*'));

const ACTIONS_OF_SERVICES = /"(logs|sqs|kms|xray):|"dynamodb:(DescribeStream|Get(Records|ShardIterator)|ListStreams)"/;

/** What AWS's services do with a function's role, in the order of its policy. */
const usedByServices = (key: FunctionKey, ids: ReturnType<typeof functionIds>) => [
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(ids.logGroup)),
  ...(key === 'status-publisher' ? [readsStream] : []),
  ...(isUrlFunction(key) ? [] : [allow('sqs:SendMessage', arnOf(ids.queue))]),
  ...(INVOKED_BY_RULES.some((invoked) => invoked === key) ? [usesTopicKey] : []),
  traces,
];

/** A role that one service assumes, with the path and the boundary that the deploy role's permissions require. */
const roleOf = (service: string) => ({
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
  // A managed policy could allow more than the inline one.
  ManagedPolicyArns: undefined,
  // An explicit name would require CAPABILITY_NAMED_IAM.
  RoleName: undefined,
});

const ROLLBACK_ALARMS = ['ShipmentProcessorErrorsAlarm', 'DurationAlarm'];

const MOVES_ALIASES = policyDocument(
  allow(
    ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
    FUNCTION_KEYS.map((key) => functionIds(key).function).flatMap((id) => [arnOf(id), sub(`\${${id}.Arn}:*`)]),
  ),
  allow('cloudwatch:DescribeAlarms', ROLLBACK_ALARMS.map(arnOf)),
);

const callableByAll = { FunctionName: aliasOf('CarrierWebhook'), Principal: '*' };

export const permissionRules: Rules = {
  'each function has a role and a log group of its own, with retention': have(
    ofEach(FUNCTION_KEYS, (ids) => ({
      [ids.function]: { Role: arnOf(ids.role), LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(ids.logGroup) } },
      [ids.logGroup]: { RetentionInDays: ref('LogRetentionDays') },
    })),
  ),

  'only Lambda can assume a function’s role, which is its own': all(
    have(ofEach(FUNCTION_KEYS, (ids) => ({ [ids.role]: roleOf('lambda.amazonaws.com') }))),
    exactly(FUNCTION_KEYS.length + 1, 'AWS::IAM::Role'),
  ),

  'a function’s role has one policy, by which AWS’s services reach what belongs to the function': ({ Resources }) =>
    FUNCTION_KEYS.flatMap((key) => {
      const ids = functionIds(key);
      const policies: { PolicyDocument: { Statement: unknown[] } }[] = Resources[ids.role]?.Properties?.['Policies'];
      const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const forServices = statements.filter((statement) => ACTIONS_OF_SERVICES.test(JSON.stringify(statement)));
      return mustBe(ids.role, [policies.length, forServices], [1, plain(usedByServices(key, ids))]);
    }),

  'CodeDeploy may move these functions’ aliases and read their alarms when GradualDeployment is on, and nothing else':
    have(
      {
        GradualDeploymentRole: {
          ...roleOf('codedeploy.amazonaws.com'),
          Policies: [{ PolicyName: 'move-aliases', PolicyDocument: MOVES_ALIASES }],
        },
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

  'the bus has four policies, of which those for other accounts exist only when a parameter names the accounts': all(
    have({ OwnAnnouncements: { EventBusName: ref('EventBus') }, OwnStatusEvents: { EventBusName: ref('EventBus') } }),
    have({ ProducerAccess: { EventBusName: ref('EventBus') } }, 'HasProducerAccounts'),
    have({ ErrorProducerAccess: { EventBusName: ref('EventBus') } }, 'HasErrorProducerAccounts'),
    exactly(4, 'AWS::Events::EventBusPolicy'),
  ),
};
