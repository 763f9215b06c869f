import type { Value } from 'cloudform-types/types/dataTypes';
import type { EventContract } from '../../contracts/define-event';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { contract as processingError } from '../../contracts/events/notification-handler/processing-error';
import { contract as statusUpdated } from '../../contracts/events/status-updater/shipment-status-updated';
import {
  EVENT_FUNCTION_KEYS,
  FUNCTION_KEYS,
  type FunctionKey,
  recordsShipments,
  type ShipmentFunctionKey,
} from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { SHIPMENT_STALLED, STATUS_CHANGED } from '../../contracts/status-events';
import { complete } from '../complete';
import { arnOf, onlyIf, ref, sub } from '../intrinsics';
import { BUS_ID } from '../logical-ids';
import { allow, type Statement } from '../policy';
import type { Resources } from '../resources';
import { TABLE_IDS } from '../storage/tables';
import { TOPIC_IDS, TOPIC_KEY_ID } from '../topics';
import { gradualDeploymentRole } from './gradual-deployment';
import { lambdaFunction } from './lambda-function';

/** Permissions on the key that a publisher to an encrypted topic needs. */
const useTopicKey = allow(['kms:Decrypt', 'kms:GenerateDataKey'], arnOf(TOPIC_KEY_ID));

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

type Permissions<K extends FunctionKey> = Readonly<Record<K, readonly Statement[]>>;

const ofShipmentFunctions = Object.fromEntries(
  EVENT_FUNCTION_KEYS.filter(recordsShipments).map((key) => [key, recordShipments]),
) as Permissions<ShipmentFunctionKey>;

/** Permissions beyond logs, traces and those that the trigger needs. */
const PERMISSIONS = complete<Permissions<FunctionKey>>(
  'template-src/functions/functions.ts has no permissions of',
  FUNCTION_KEYS,
  {
    ...ofShipmentFunctions,
    'notification-handler': [
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], arnOf(TABLE_IDS.errorEvents)),
      allow('sns:Publish', [ref(TOPIC_IDS.alerts), ref(TOPIC_IDS.processing)]),
      useTopicKey,
    ],
    'status-publisher': [
      allow('dynamodb:UpdateItem', arnOf(TABLE_IDS.errorEvents)),
      mayPut(STATUS_CHANGED),
      announceFailures,
    ],
    'stalled-shipments': [
      allow('dynamodb:Query', sub(`\${${TABLE_IDS.shipments}.Arn}/index/status-index`)),
      allow('dynamodb:UpdateItem', arnOf(TABLE_IDS.shipments)),
      mayPut(SHIPMENT_STALLED),
      allow('sns:Publish', ref(TOPIC_IDS.processing)),
      useTopicKey,
    ],
    'carrier-webhook': [
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
  },
);

const RESERVED_CONCURRENCY: Partial<Record<FunctionKey, Value<number>>> = {
  'shipment-processor': onlyIf('ReservesConcurrency', ref('ShipmentProcessorConcurrency')),
  'carrier-webhook': onlyIf('BoundsCarrierWebhooks', ref('CarrierWebhookConcurrency')),
};

export const functions: Resources = Object.assign(
  {},
  ...FUNCTION_KEYS.map((key) => lambdaFunction(key, PERMISSIONS[key], RESERVED_CONCURRENCY[key])),
  gradualDeploymentRole,
);
