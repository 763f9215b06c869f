/** Messages that this system sends, each with its schema and channels. Those it receives are in `contracts/events`. */
import type * as v from 'valibot';
import { announcedFailure } from './error-fields';
import { contract as eventFailed } from './events/notification-handler/event-failed';
import type { NAMES } from './names';
import {
  correctionNotification,
  correctionNotificationAttributes,
  errorNotification,
  shipmentNotification,
  shipmentNotificationAttributes,
  stalledNotification,
  stalledNotificationAttributes,
} from './notifications';
import { SHIPMENT_STALLED, STATUS_CHANGED, shipmentStalled, statusChanged } from './status-events';

/** A bus or topic, by its key in `NAMES`. */
export type Channel = Extract<keyof typeof NAMES, 'bus' | 'alertsTopic' | 'processingTopic'>;

export interface SentMessage {
  readonly title: string;
  /** Rises when the message changes incompatibly for its readers; docs/decisions/0022 says how. */
  readonly version: number;
  readonly summary: string;
  readonly channels: readonly Channel[];
  /** On the bus: the event's source and detail-type. */
  readonly as?: { readonly source: string; readonly detailType: string };
  /** On a topic: the message attributes. */
  readonly attributes?: v.GenericSchema;
  readonly schema: v.GenericSchema;
}

export const SENT: readonly SentMessage[] = [
  {
    title: 'Announced Failure',
    version: 2,
    summary: 'An event could not be processed; error_id and error_timestamp are the key of its row in the error table.',
    channels: ['bus'],
    as: eventFailed,
    schema: announcedFailure,
  },
  {
    title: STATUS_CHANGED.detailType,
    version: 1,
    summary:
      "A shipment's current status comes from another event than before. Sent at least once per change, in any order: keep the greatest version.",
    channels: ['bus'],
    as: STATUS_CHANGED,
    schema: statusChanged,
  },
  {
    title: SHIPMENT_STALLED.detailType,
    version: 1,
    summary:
      'Nothing newer is known of an open shipment for the days of the parameter StalledAfterDays. Sent at least once for each version of its status.',
    channels: ['bus'],
    as: SHIPMENT_STALLED,
    schema: shipmentStalled,
  },
  {
    title: 'Shipment Notification',
    version: 1,
    summary: 'A shipment reached a status that notifies. Sent at least once.',
    channels: ['processingTopic'],
    attributes: shipmentNotificationAttributes,
    schema: shipmentNotification,
  },
  {
    title: 'Correction Notification',
    version: 1,
    summary: 'The status of a shipment was corrected. Sent at least once.',
    channels: ['processingTopic'],
    attributes: correctionNotificationAttributes,
    schema: correctionNotification,
  },
  {
    title: 'Stalled Notification',
    version: 1,
    summary: 'The same as Shipment Stalled, for subscribers of the topic. Sent at least once.',
    channels: ['processingTopic'],
    attributes: stalledNotificationAttributes,
    schema: stalledNotification,
  },
  {
    title: 'Error Notification',
    version: 1,
    summary:
      'An error event was received: a critical one on the alert topic, any other on the processing topic. One message counts those beyond the limit of the alert topic (details.suppressed).',
    channels: ['alertsTopic', 'processingTopic'],
    schema: errorNotification,
  },
];
