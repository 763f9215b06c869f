import { ENVIRONMENT_VARIABLES } from '../../../contracts/environment';
import { FUNCTION_KEYS, type FunctionKey, functionName } from '../../../contracts/functions';
import { NAMES } from '../../../contracts/names';
import { TABLES } from '../../../contracts/tables';
import { functionIds } from '../../../template-src/function-ids';
import { attribute, mustBe, mustHave, named, onlyIf, type Rules, ref, sub } from './rule';

const RUNTIME = 'nodejs24.x';

/** Seconds and megabytes. */
const FIGURES: Readonly<Record<FunctionKey, { Timeout: number; MemorySize: number }>> = {
  'shipment-processor': { Timeout: 30, MemorySize: 256 },
  'status-updater': { Timeout: 15, MemorySize: 256 },
  'notification-handler': { Timeout: 10, MemorySize: 256 },
};

const topicArn = (name: string) =>
  sub(`arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:${name}-\${EnvironmentSuffix}`);

/** What each variable that a handler reads must hold. */
const VALUES: Readonly<Record<string, unknown>> = {
  ENVIRONMENT: ref('EnvironmentSuffix'),
  ERROR_EVENTS_TABLE: named(TABLES.errorEvents.name),
  SHIPMENT_EVENTS_TABLE: named(TABLES.shipmentEvents.name),
  SHIPMENTS_TABLE: named(TABLES.shipments.name),
  PROCESSING_TOPIC_ARN: topicArn(NAMES.processingTopic),
  ALERTS_TOPIC_ARN: topicArn(NAMES.alertsTopic),
  EVENT_BUS_NAME: named(NAMES.bus),
  MAX_ATTEMPTS: '3',
};

export const functionRules: Rules = {
  'each function runs its own handler, under its own role, with the design’s figures': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const ids = functionIds(key);
      const reserved = onlyIf('ReservesConcurrency', ref('ShipmentProcessorConcurrency'));
      return mustHave(template, ids.function, {
        ...FIGURES[key],
        CodeUri: 'src/',
        Handler: `${key}.handler`,
        Runtime: RUNTIME,
        Architectures: [ref('Architecture')],
        Role: attribute(ids.role),
        ReservedConcurrentExecutions: key === 'shipment-processor' ? reserved : undefined,
        Tracing: { 'Fn::If': ['TracesRequests', 'Active', 'PassThrough'] },
      });
    }),

  'each bundle is built of its handler, for the runtime it runs on': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const metadata = template.Resources[functionIds(key).function]?.Metadata as {
        BuildMethod: unknown;
        BuildProperties: Record<string, unknown>;
      };
      const { EntryPoints, Target } = metadata.BuildProperties;
      return [
        ...mustBe(`the build of ${key}`, metadata.BuildMethod, 'esbuild'),
        ...mustBe(`the entry of ${key}`, EntryPoints, [`handlers/${key}.ts`]),
        ...mustBe(`the target of ${key}`, Target, RUNTIME.replace(/^nodejs(\d+)\.x$/, 'node$1')),
      ];
    }),

  'each handler is given the variables it reads, and no other': (template) =>
    FUNCTION_KEYS.flatMap((key) =>
      mustHave(template, functionIds(key).function, {
        Environment: {
          Variables: Object.fromEntries(ENVIRONMENT_VARIABLES[key].map((name) => [name, VALUES[name]])),
        },
      }),
    ),

  'each function logs JSON into a group of its own, which forgets': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const { function: id, logGroup } = functionIds(key);
      return [
        ...mustHave(template, id, { LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(logGroup) } }),
        ...mustHave(template, logGroup, {
          LogGroupName: named(`/aws/lambda/${functionName(key)}`),
          RetentionInDays: ref('LogRetentionDays'),
        }),
      ];
    }),

  'a failed event is retried twice, within six hours, and then waits in the failure queue': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const ids = functionIds(key);
      return mustHave(template, ids.function, {
        EventInvokeConfig: {
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 21_600,
          DestinationConfig: { OnFailure: { Type: 'SQS', Destination: attribute(ids.queue) } },
        },
      });
    }),
};
