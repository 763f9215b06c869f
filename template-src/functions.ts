import { contract as eventFailed } from '../contracts/events/notification-handler/event-failed';
import { NAMES } from '../contracts/names';
import { TABLES } from '../contracts/tables';
import { BUS_ID } from './bus-id';
import { eventDrivenFunction } from './event-driven-function';
import { gradualDeploymentRole } from './gradual-deployment';
import { arnOf, named, onlyIf, ref, sub } from './intrinsics';
import { allow, type Statement } from './policy';
import type { Resources } from './resources';
import { TABLE_IDS } from './tables';
import { TOPIC_IDS, TOPIC_KEY_ID } from './topics';

/** Permissions on the key that a publisher to an encrypted topic needs. */
const useTopicKey = allow(['kms:Decrypt', 'kms:GenerateDataKey'], arnOf(TOPIC_KEY_ID));

const topicArn = (name: string) =>
  sub(`arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:${name}-\${EnvironmentSuffix}`);

/**
 * Names rather than references: `sam local invoke` knows no physical id, and would hand the function `ShipmentsTable` for a table's
 * name. The role, which every function needs, refers to the resources themselves and so has them made first.
 */
const everyFunction = {
  ENVIRONMENT: ref('EnvironmentSuffix'),
  ERROR_EVENTS_TABLE: named(TABLES.errorEvents.name),
  PROCESSING_TOPIC_ARN: topicArn(NAMES.processingTopic),
};

/** Announcements of our own failures, and nothing else, go back onto the bus. */
const announceFailures: Statement = {
  ...allow('events:PutEvents', arnOf(BUS_ID)),
  Condition: {
    StringEquals: { 'events:source': [eventFailed.source], 'events:detail-type': [eventFailed.detailType] },
  },
};

const recordShipments: readonly Statement[] = [
  allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], arnOf(TABLE_IDS.shipmentEvents)),
  allow('dynamodb:PutItem', arnOf(TABLE_IDS.shipments)),
  allow('dynamodb:UpdateItem', arnOf(TABLE_IDS.errorEvents)),
  allow('sns:Publish', ref(TOPIC_IDS.processing)),
  useTopicKey,
  announceFailures,
];

const shipmentEnvironment = {
  ...everyFunction,
  SHIPMENT_EVENTS_TABLE: named(TABLES.shipmentEvents.name),
  SHIPMENTS_TABLE: named(TABLES.shipments.name),
  EVENT_BUS_NAME: named(NAMES.bus),
  EVENT_RETENTION_DAYS: ref('EventRetentionDays'),
};

export const functions: Resources = {
  ...eventDrivenFunction({
    key: 'shipment-processor',
    environment: shipmentEnvironment,
    allow: recordShipments,
    reservedConcurrency: onlyIf('ReservesConcurrency', ref('ShipmentProcessorConcurrency')),
  }),
  ...eventDrivenFunction({
    key: 'status-updater',
    environment: shipmentEnvironment,
    allow: recordShipments,
  }),
  ...eventDrivenFunction({
    key: 'notification-handler',
    environment: { ...everyFunction, ALERTS_TOPIC_ARN: topicArn(NAMES.alertsTopic) },
    allow: [
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], arnOf(TABLE_IDS.errorEvents)),
      allow('sns:Publish', [ref(TOPIC_IDS.alerts), ref(TOPIC_IDS.processing)]),
      useTopicKey,
    ],
  }),
  ...gradualDeploymentRole,
};
