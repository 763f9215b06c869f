import type { Value } from 'cloudform-types/types/dataTypes';
import { ENVIRONMENT_VARIABLES, type EnvironmentVariable } from '../../contracts/environment';
import type { FunctionKey } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { named, ref, sub } from '../intrinsics';

const topicArn = (name: string) =>
  sub(`arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:${name}-\${EnvironmentSuffix}`);

/**
 * Values of the environment variables, the same in each function. They are names and not references, for which `sam local invoke` would pass the logical id.
 * The resources still exist first, because the function's role refers to them.
 */
const VALUES: Readonly<Record<EnvironmentVariable<FunctionKey>, Value<string>>> = {
  ENVIRONMENT: ref('EnvironmentSuffix'),
  ERROR_EVENTS_TABLE: named(TABLES.errorEvents.name),
  SHIPMENT_EVENTS_TABLE: named(TABLES.shipmentEvents.name),
  SHIPMENTS_TABLE: named(TABLES.shipments.name),
  PROCESSING_TOPIC_ARN: topicArn(NAMES.processingTopic),
  ALERTS_TOPIC_ARN: topicArn(NAMES.alertsTopic),
  EVENT_BUS_NAME: named(NAMES.bus),
  EVENT_RETENTION_DAYS: ref('EventRetentionDays'),
  STALLED_AFTER_DAYS: ref('StalledAfterDays'),
  CARRIERS_PARAMETER: named(NAMES.carriersParameter),
};

/** The environment variables that a function reads. */
export const variablesOf = (key: FunctionKey) =>
  Object.fromEntries(ENVIRONMENT_VARIABLES[key].map((name) => [name, VALUES[name]]));
