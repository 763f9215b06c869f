import type { Value } from 'cloudform-types/types/dataTypes';
import Rule from 'cloudform-types/types/events/rule';
import { If } from 'cloudform-types/types/functions';
import Permission from 'cloudform-types/types/lambda/permission';
import LogGroup from 'cloudform-types/types/logs/logGroup';
import type { EnvironmentVariable } from '../contracts/environment';
import {
  deadLetterQueueName,
  FUNCTIONS,
  type FunctionKey,
  functionName,
  LIVE_ALIAS,
  recordsShipments,
} from '../contracts/functions';
import { CONTRACTS } from '../contracts/generated/contracts';
import { buildProperties } from './build-properties';
import { BUS_ID } from './bus-id';
import { dataKeyArn } from './data-key';
import { FUNCTION_FIGURES, MAX_EVENT_AGE_SECONDS, RUNTIME } from './defaults';
import { functionIds, logGroupName } from './function-ids';
import { deploymentPreference } from './gradual-deployment';
import { aliasOf, arnOf, named, onlyIf, ref, sub } from './intrinsics';
import { patternOf } from './patterns';
import { allow, type Statement } from './policy';
import { queueForRule } from './queue';
import type { Resources } from './resources';
import { ServerlessFunction } from './sam/serverless-function';
import { serviceRole } from './service-role';

interface EventDrivenFunction<K extends FunctionKey> {
  readonly key: K;
  /** One value for each variable that the handler reads: a missing one does not compile. */
  readonly environment: Readonly<Record<EnvironmentVariable<K>, Value<string>>>;
  /** Permissions of the handler beyond logging and its dead-letter queue. */
  readonly allow: readonly Statement[];
  readonly reservedConcurrency?: Value<number>;
}

/**
 * The parameters that a version has in it. SAM does not see that a parameter's value changed (aws/serverless-application-model#3820), but
 * CloudFormation publishes a version anew whose description changed.
 */
const versionDescription = (key: FunctionKey) => {
  const retention = recordsShipments(key) ? ' EventRetentionDays=${EventRetentionDays}' : '';
  return sub(
    `Architecture=\${Architecture} EnableXRay=\${EnableXRay} EncryptWithOwnKey=\${EncryptWithOwnKey}${retention}`,
  );
};

/**
 * A function and all that belongs to it: role, log group, alias, rule, permission, the two routes to its dead-letter queue. The rule
 * and the permission are plain resources: SAM's `Events` would leave its rules without tags and names.
 */
export function eventDrivenFunction<K extends FunctionKey>(declared: EventDrivenFunction<K>): Resources {
  const { key, environment, reservedConcurrency } = declared;
  const ids = functionIds(key);
  const figures = FUNCTION_FIGURES[key];
  const { rule, maximumRetryAttempts } = FUNCTIONS[key];
  const name = functionName(key);

  return {
    [ids.function]: new ServerlessFunction(
      {
        FunctionName: named(name),
        Description: figures.description,
        CodeUri: 'src/',
        Handler: `${key}.handler`,
        Runtime: RUNTIME,
        Architectures: [ref('Architecture')],
        Timeout: figures.timeout,
        MemorySize: figures.memory,
        ...(reservedConcurrency && { ReservedConcurrentExecutions: reservedConcurrency }),
        Role: arnOf(ids.role),
        Tracing: If('TracesRequests', 'Active', 'PassThrough'),
        LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(ids.logGroup) },
        Environment: { Variables: environment },
        KmsKeyArn: dataKeyArn,
        EventInvokeConfig: {
          MaximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
          MaximumRetryAttempts: maximumRetryAttempts,
          DestinationConfig: { OnFailure: { Type: 'SQS', Destination: arnOf(ids.queue) } },
        },
        AutoPublishAlias: LIVE_ALIAS,
        // Without it SAM looks at code, variables and memory only, and another timeout never reaches the alias.
        AutoPublishAliasAllProperties: true,
        VersionDescription: versionDescription(key),
        DeploymentPreference: deploymentPreference,
        PropagateTags: true,
      },
      {
        BuildMethod: 'esbuild',
        BuildProperties: buildProperties(key),
      },
    ),
    [ids.role]: role(ids, declared.allow),
    [ids.logGroup]: new LogGroup({
      LogGroupName: sub(logGroupName(key)),
      RetentionInDays: ref('LogRetentionDays'),
      KmsKeyId: dataKeyArn,
    }),
    [ids.rule]: new Rule({
      Name: named(rule),
      Description: `Hands events to ${name}.`,
      EventBusName: ref(BUS_ID),
      EventPattern: patternOf(CONTRACTS[key]),
      Targets: [
        {
          Id: 'function',
          Arn: aliasOf(ids.function),
          RetryPolicy: {
            MaximumRetryAttempts: figures.ruleRetry.retries,
            MaximumEventAgeInSeconds: figures.ruleRetry.maxAgeSeconds,
          },
          DeadLetterConfig: { Arn: arnOf(ids.queue) },
        },
      ],
    }),
    [ids.permission]: new Permission({
      FunctionName: aliasOf(ids.function),
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf(ids.rule),
    }),
    ...queueForRule(ids.queue, deadLetterQueueName(key), ids.rule),
  };
}

/** SAM adds nothing to a role of our own: logging and the OnFailure destination are granted here. */
const role = (ids: ReturnType<typeof functionIds>, allowed: readonly Statement[]) =>
  serviceRole(
    'lambda.amazonaws.com',
    'own-resources',
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(ids.logGroup)),
    allow('sqs:SendMessage', arnOf(ids.queue)),
    ...allowed,
    // X-Ray has no resources to name.
    onlyIf<Statement>('TracesRequests', allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*')),
  );
