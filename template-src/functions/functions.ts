import type { EventContract } from '../../contracts/define-event';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { contract as processingError } from '../../contracts/events/notification-handler/processing-error';
import { contract as statusUpdated } from '../../contracts/events/status-updater/shipment-status-updated';
import { EVENT_FUNCTION_KEYS, recordsShipments, type ShipmentFunctionKey } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { SHIPMENT_STALLED, STATUS_CHANGED } from '../../contracts/status-events';
import { TABLES } from '../../contracts/tables';
import { arnOf, named, onlyIf, ref, sub } from '../intrinsics';
import { BUS_ID } from '../logical-ids';
import { allow, type Statement } from '../policy';
import type { Resources } from '../resources';
import { TABLE_IDS } from '../storage/tables';
import { TOPIC_IDS, TOPIC_KEY_ID } from '../topics';
import { gradualDeploymentRole } from './gradual-deployment';
import { lambdaFunction } from './lambda-function';

/** Permissions on the key that a publisher to an encrypted topic needs. */
const useTopicKey = allow(['kms:Decrypt', 'kms:GenerateDataKey'], arnOf(TOPIC_KEY_ID));

const topicArn = (name: string) =>
  sub(`arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:${name}-\${EnvironmentSuffix}`);

/**
 * Variables of a function of events. They are names and not references, for which `sam local invoke` would pass the logical id. The
 * resources still exist first, because the function's role refers to them.
 */
const eventEnvironment = {
  ERROR_EVENTS_TABLE: named(TABLES.errorEvents.name),
  PROCESSING_TOPIC_ARN: topicArn(NAMES.processingTopic),
};

/** Permission to put one kind of event on the bus. */
const mayPut = ({ source, detailType }: Pick<EventContract, 'source' | 'detailType'>): Statement => ({
  ...allow('events:PutEvents', arnOf(BUS_ID)),
  Condition: { StringEquals: { 'events:source': [source], 'events:detail-type': [detailType] } },
});

const announceFailures = mayPut(eventFailed);

const recordShipments: readonly Statement[] = [
  allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], arnOf(TABLE_IDS.shipmentEvents)),
  allow('dynamodb:PutItem', arnOf(TABLE_IDS.shipments)),
  allow('dynamodb:UpdateItem', arnOf(TABLE_IDS.errorEvents)),
  allow('sns:Publish', ref(TOPIC_IDS.processing)),
  useTopicKey,
  announceFailures,
];

const shipmentEnvironment = {
  ...eventEnvironment,
  SHIPMENT_EVENTS_TABLE: named(TABLES.shipmentEvents.name),
  SHIPMENTS_TABLE: named(TABLES.shipments.name),
  EVENT_BUS_NAME: named(NAMES.bus),
  EVENT_RETENTION_DAYS: ref('EventRetentionDays'),
};

/** A function that records shipment events. */
const shipmentFunction = (key: ShipmentFunctionKey) =>
  lambdaFunction({
    key,
    environment: shipmentEnvironment,
    allow: recordShipments,
    ...(key === 'shipment-processor' && {
      reservedConcurrency: onlyIf('ReservesConcurrency', ref('ShipmentProcessorConcurrency')),
    }),
  });

export const functions: Resources = {
  ...Object.assign({}, ...EVENT_FUNCTION_KEYS.filter(recordsShipments).map(shipmentFunction)),
  ...lambdaFunction({
    key: 'notification-handler',
    environment: { ...eventEnvironment, ALERTS_TOPIC_ARN: topicArn(NAMES.alertsTopic) },
    allow: [
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], arnOf(TABLE_IDS.errorEvents)),
      allow('sns:Publish', [ref(TOPIC_IDS.alerts), ref(TOPIC_IDS.processing)]),
      useTopicKey,
    ],
  }),
  ...lambdaFunction({
    key: 'status-publisher',
    environment: {
      ERROR_EVENTS_TABLE: named(TABLES.errorEvents.name),
      EVENT_BUS_NAME: named(NAMES.bus),
    },
    allow: [allow('dynamodb:UpdateItem', arnOf(TABLE_IDS.errorEvents)), mayPut(STATUS_CHANGED), announceFailures],
  }),
  ...lambdaFunction({
    key: 'stalled-shipments',
    environment: {
      SHIPMENTS_TABLE: named(TABLES.shipments.name),
      EVENT_BUS_NAME: named(NAMES.bus),
      PROCESSING_TOPIC_ARN: topicArn(NAMES.processingTopic),
      STALLED_AFTER_DAYS: ref('StalledAfterDays'),
    },
    allow: [
      allow('dynamodb:Query', sub(`\${${TABLE_IDS.shipments}.Arn}/index/status-index`)),
      allow('dynamodb:UpdateItem', arnOf(TABLE_IDS.shipments)),
      mayPut(SHIPMENT_STALLED),
      allow('sns:Publish', ref(TOPIC_IDS.processing)),
      useTopicKey,
    ],
  }),
  ...lambdaFunction({
    key: 'carrier-webhook',
    environment: {
      EVENT_BUS_NAME: named(NAMES.bus),
      CARRIERS_PARAMETER: named(NAMES.carriersParameter),
    },
    allow: [
      mayPut(statusUpdated),
      mayPut(processingError),
      // AWS's key for parameters needs no permission: it serves every caller that may read the parameter.
      allow(
        'ssm:GetParameter',
        sub(
          `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${NAMES.carriersParameter}-\${EnvironmentSuffix}`,
        ),
      ),
    ],
    reservedConcurrency: onlyIf('BoundsCarrierWebhooks', ref('CarrierWebhookConcurrency')),
  }),
  ...gradualDeploymentRole,
};
