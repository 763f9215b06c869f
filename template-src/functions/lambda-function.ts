import type { Value } from 'cloudform-types/types/dataTypes';
import { If } from 'cloudform-types/types/functions';
import LogGroup from 'cloudform-types/types/logs/logGroup';
import type { EnvironmentVariable } from '../../contracts/environment';
import { type FunctionKey, functionName, LIVE_ALIAS, logGroupName } from '../../contracts/functions';
import { FUNCTION_FIGURES, RUNTIME } from '../defaults';
import { arnOf, named, onlyIf, ref, sub } from '../intrinsics';
import { functionIds } from '../logical-ids';
import { allow, type Statement } from '../policy';
import { type Resources, UntypedResource } from '../resources';
import { serviceRole } from '../service-role';
import { dataKeyArn } from '../storage/data-key';
import { buildProperties } from './build-properties';
import { deploymentPreference } from './gradual-deployment';
import { triggerOf } from './triggers';

interface LambdaFunction<K extends FunctionKey> {
  readonly key: K;
  /** One value for each variable that the handler reads: a missing one does not compile. */
  readonly environment: Readonly<Record<EnvironmentVariable<K>, Value<string>>>;
  /** What the handler may do beyond logging, being invoked, and using its dead-letter queue. */
  readonly allow: readonly Statement[];
  readonly reservedConcurrency?: Value<number>;
}

/**
 * The parameters that a version has in it. SAM does not see that a parameter's value changed (aws/serverless-application-model#3820), but
 * CloudFormation publishes a version anew whose description changed.
 */
const versionDescription = (environment: object) => {
  const own = [
    'EVENT_RETENTION_DAYS' in environment && ' EventRetentionDays=${EventRetentionDays}',
    'STALLED_AFTER_DAYS' in environment && ' StalledAfterDays=${StalledAfterDays}',
  ].filter(Boolean);
  return sub(
    `Architecture=\${Architecture} EnableXRay=\${EnableXRay} EncryptWithOwnKey=\${EncryptWithOwnKey}${own.join('')}`,
  );
};

/** A function and all that belongs to it: role, log group, alias, what invokes it, and where its failures go. */
export function lambdaFunction<K extends FunctionKey>(declared: LambdaFunction<K>): Resources {
  const { key, environment, reservedConcurrency } = declared;
  const ids = functionIds(key);
  const figures = FUNCTION_FIGURES[key];
  const trigger = triggerOf(key);

  return {
    [ids.function]: new UntypedResource('AWS::Serverless::Function', {
      FunctionName: named(functionName(key)),
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
      ...trigger.properties,
      AutoPublishAlias: LIVE_ALIAS,
      // Without it SAM looks at code, variables and memory only, and another timeout never reaches the alias.
      AutoPublishAliasAllProperties: true,
      VersionDescription: versionDescription(environment),
      DeploymentPreference: deploymentPreference,
      // Onto CodeDeploy's resources, which SAM makes.
      PropagateTags: true,
    }).metadata({ BuildMethod: 'esbuild', BuildProperties: buildProperties(key) }),
    [ids.role]: role(ids, [...trigger.allow, ...declared.allow]),
    [ids.logGroup]: new LogGroup({
      LogGroupName: named(logGroupName(key)),
      RetentionInDays: ref('LogRetentionDays'),
      KmsKeyId: dataKeyArn,
    }),
    ...trigger.resources,
  };
}

/** SAM adds nothing to a role of our own: logging is granted here, what the trigger needs by the trigger. */
const role = (ids: ReturnType<typeof functionIds>, allowed: readonly Statement[]) =>
  serviceRole(
    'lambda.amazonaws.com',
    'own-resources',
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(ids.logGroup)),
    ...allowed,
    // X-Ray has no resources to name.
    onlyIf<Statement>('TracesRequests', allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*')),
  );
