/** The messages that subscribers receive from the topics, as JSON; `src/domain/messages.ts` writes them. */
import * as v from 'valibot';
import { correctionFields, instant, status, token } from './fields';
import { shipmentStalled } from './status-events';
import { STATUSES, statusRule } from './statuses';

/** Any JSON object; or a string with the beginning of its JSON and a mark, when the whole does not fit into a message. */
const objectOrCut = v.union([v.looseObject({}), v.string()]);

/** Only the statuses that notify, so that a new status without notifications changes nothing for readers. */
const notified = v.picklist(STATUSES.filter((status) => statusRule(status).notifies));

/** On the processing topic: a shipment has reached a status that notifies. */
export const shipmentNotification = v.strictObject({
  shipment_id: token,
  status: notified,
  event_id: token,
  occurred_at: instant,
  environment: v.string(),
  /** True when a later status was on record already. */
  superseded: v.boolean(),
  metadata: objectOrCut,
});

/** The message attributes of a shipment notification, for filter policies; every value is a string. */
export const shipmentNotificationAttributes = v.strictObject({
  status: notified,
  shipment_id: token,
  superseded: v.picklist(['true', 'false']),
});

/** On the processing topic: a shipment's status was corrected. Any status may be the true one. */
export const correctionNotification = v.strictObject({
  ...shipmentNotification.entries,
  ...correctionFields,
  status,
  /** The shipment's status now: a later event's, when the correction is superseded. */
  current_status: status,
});

/** The message attributes of a correction's notification; no other message has `correction`. */
export const correctionNotificationAttributes = v.strictObject({
  ...shipmentNotificationAttributes.entries,
  status,
  correction: v.literal('true'),
});

/** On the processing topic: an open shipment has had no newer event for some days. */
export const stalledNotification = v.strictObject({ ...shipmentStalled.entries, environment: v.string() });

/** The message attributes of a stalled shipment's notification. Without `status`: a filter on it is meant for status changes. */
export const stalledNotificationAttributes = v.strictObject({ shipment_id: token, stalled: v.literal('true') });

/** On the alerts or the processing topic: an error event was received. */
export const errorNotification = v.strictObject({
  timestamp: instant,
  environment: v.string(),
  detail_type: v.string(),
  error_message: v.string(),
  details: objectOrCut,
});

/**
 * Maximum number of messages about error events on the alert topic in one minute. A flood would hide the alarms there: further error events
 * are recorded, and counted in one message.
 */
export const ALERTS_A_MINUTE = { ofOneType: 10, inAll: 30 } as const;

export type ShipmentNotification = v.InferOutput<typeof shipmentNotification>;
export type CorrectionNotification = v.InferOutput<typeof correctionNotification>;
export type StalledNotification = v.InferOutput<typeof stalledNotification>;
export type ErrorNotification = v.InferOutput<typeof errorNotification>;
