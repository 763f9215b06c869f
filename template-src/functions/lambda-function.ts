import type { Value } from 'cloudform-types/types/dataTypes';
import { If } from 'cloudform-types/types/functions';
import LogGroup from 'cloudform-types/types/logs/logGroup';
import { type FunctionKey, functionName, LIVE_ALIAS, logGroupName } from '../../contracts/functions';
import { FUNCTION_FIGURES, RUNTIME } from '../defaults';
import { arnOf, named, onlyIf, ref, sub } from '../intrinsics';
import { functionIds } from '../logical-ids';
import { conditions, parameters } from '../parameters';
import { allow, type Statement } from '../policy';
import { type Resources, UntypedResource } from '../resources';
import { serviceRole } from '../service-role';
import { dataKeyArn } from '../storage/data-key';
import { buildProperties } from './build-properties';
import { deploymentPreference } from './gradual-deployment';
import { triggerOf } from './triggers';
import { variablesOf } from './variables';

/** Names of the parameters that a value depends on, by `Ref`, `Sub` or a condition. */
function parametersIn(value: unknown): Set<string> {
  const found = new Set<string>();
  // Visits every member of the value.
  JSON.stringify({ value }, (key, member) => {
    if (key === 'Ref') found.add(member);
    if (key === 'Fn::Sub') for (const [, name = ''] of member.matchAll(/\$\{(\w+)\}/g)) found.add(name);
    if (key === 'Fn::If') for (const name of parametersIn(Reflect.get(conditions, member[0]))) found.add(name);
    return member;
  });
  // A function in another environment is another function.
  return new Set([...found].filter((name) => name in parameters && name !== 'EnvironmentSuffix'));
}

/**
 * Values of the parameters that a version depends on. SAM does not notice a changed value (aws/serverless-application-model#3820), but
 * CloudFormation publishes a new version when the description changes.
 */
const versionDescription = (versioned: object) =>
  sub(
    [...parametersIn(versioned)]
      .sort()
      .map((name) => `${name}=\${${name}}`)
      .join(' '),
  );

/** A function with its role, log group, alias, trigger and dead-letter queue. */
export function lambdaFunction(
  key: FunctionKey,
  permissions: readonly Statement[],
  reservedConcurrency: Value<number> | undefined,
): Resources {
  const ids = functionIds(key);
  const figures = FUNCTION_FIGURES[key];
  const trigger = triggerOf(key);

  const code = {
    Description: figures.description,
    CodeUri: 'src/',
    Handler: `${key}.handler`,
    Runtime: RUNTIME,
    Architectures: [ref('Architecture')],
    Timeout: figures.timeout,
    MemorySize: figures.memory,
  };
  const configuration = {
    Role: arnOf(ids.role),
    Tracing: If('TracesRequests', 'Active', 'PassThrough'),
    LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(ids.logGroup) },
    Environment: { Variables: variablesOf(key) },
    KmsKeyArn: dataKeyArn,
  };

  return {
    [ids.function]: new UntypedResource('AWS::Serverless::Function', {
      FunctionName: named(functionName(key)),
      ...code,
      ...(reservedConcurrency && { ReservedConcurrentExecutions: reservedConcurrency }),
      ...configuration,
      ...trigger.properties,
      AutoPublishAlias: LIVE_ALIAS,
      // Without it SAM compares code, variables and memory only: a changed timeout would never reach the alias.
      AutoPublishAliasAllProperties: true,
      VersionDescription: versionDescription({ ...code, ...configuration }),
      DeploymentPreference: deploymentPreference,
      // Tags CodeDeploy's resources, which SAM's transform adds.
      PropagateTags: true,
    }).metadata({ BuildMethod: 'esbuild', BuildProperties: buildProperties(key) }),
    [ids.role]: serviceRole(
      'lambda.amazonaws.com',
      'own-resources',
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(ids.logGroup)),
      ...trigger.allow,
      ...permissions,
      // X-Ray has no resources to name.
      onlyIf<Statement>('TracesRequests', allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*')),
    ),
    [ids.logGroup]: new LogGroup({
      LogGroupName: named(logGroupName(key)),
      RetentionInDays: ref('LogRetentionDays'),
      KmsKeyId: dataKeyArn,
    }),
    ...trigger.resources,
  };
}
