import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { type Envelope, identifiersOf } from '../domain/envelope';
import { type ErrorKey, keptEvent, rowNamedBy } from '../domain/failure-row';
import { InProgress, MAX_MESSAGE_CHARACTERS } from '../domain/failures';
import { beginningOf, cutText } from '../domain/json';
import { alertSummary, errorMessage, isCritical, type Message } from '../domain/messages';
import { type AlertMinute, type AlertOutcome, sendWithinLimit } from './limit-alerts';
import { type NotificationState, notifyOnce } from './notify-once';
import type { Observer } from './observer';

/** Attributes that a received error event adds to its row, unless the row already has them. */
export interface ReceivedError extends ErrorKey {
  readonly detail_type: string;
  readonly shipment_id?: string;
  readonly error_type: string;
  readonly error_message: string;
  readonly event: string;
}

export interface ErrorEventPorts {
  readonly environment: string;
  /** Start of this attempt: epoch milliseconds by the handler's clock. */
  readonly startedAt: number;
  notificationStateOf(received: ReceivedError): NotificationState;
  /** Reads from a failure's row whether an earlier version notified about its announcement. */
  earlierAnnouncement(key: ErrorKey): Promise<'none' | 'notified' | 'held'>;
  /** The minute in which the event was first seen; `firstSeenAt` is epoch milliseconds. */
  alertMinute(received: ReceivedError, firstSeenAt: number): AlertMinute;
  publish(message: Message, topic: 'alerts' | 'processing'): Promise<void>;
  readonly observer: Observer;
}

/**
 * Records an error event and notifies about it, once per row and detail-type; a critical one within the limit of the alert topic. Never puts
 * an event on the bus: that would loop.
 * @returns whether the event is critical
 * @throws InProgress while another invocation notifies about it, and Postponed when this event has to send a summary later
 */
export async function handleErrorEvent(
  envelope: Envelope,
  error: { readonly error_type: string; readonly error_message: string },
  ports: ErrorEventPorts,
): Promise<{ critical: boolean }> {
  const { environment, observer } = ports;
  const critical = isCritical(envelope.detailType, error.error_type);
  const namedRow = rowNamedBy(envelope.detail, environment);
  const isOurs = envelope.source === eventFailed.source;
  if (!isOurs && namedRow !== undefined && (await isKnownAnnouncement(namedRow, ports))) {
    observer.info('the error event is on record', { outcome: 'duplicate', critical, notified: false });
    return { critical };
  }
  const { shipment_id } = identifiersOf(envelope.received);
  const received = {
    ...((isOurs && namedRow) || { error_id: `external/${envelope.id}`, timestamp: envelope.time }),
    detail_type: envelope.detailType,
    ...(shipment_id !== undefined && { shipment_id }),
    error_type: cutText(error.error_type, MAX_MESSAGE_CHARACTERS),
    error_message: beginningOf(error.error_message, MAX_MESSAGE_CHARACTERS),
    event: keptEvent(envelope.received),
  };
  const message = errorMessage(envelope, error, critical, environment);
  let sent = 'sent' as AlertOutcome;
  const publish = async ({ firstSeenAt = ports.startedAt }) => {
    if (!critical) return ports.publish(message, 'processing');
    sent = await sendWithinLimit({
      isFirstAttempt: firstSeenAt === ports.startedAt,
      minute: ports.alertMinute(received, firstSeenAt),
      publish: () => ports.publish(message, 'alerts'),
      publishSummary: (count) =>
        ports.publish(alertSummary(envelope.detailType, count, firstSeenAt, environment), 'alerts'),
      onSuppressed: () => observer.count('suppressed'),
    });
  };
  const handled = await notifyOnce(ports.notificationStateOf(received), publish, false);
  const notified = handled && sent !== 'suppressed';
  if (notified) observer.count('notified');
  observer.info('the error event is on record', {
    outcome: handled ? 'accepted' : 'duplicate',
    critical,
    notified,
    ...(handled && sent !== 'sent' && { alert: sent }),
  });
  return { critical };
}

/**
 * True when an earlier version has notified about this event. An event of the producers' source that names one of our rows is either an
 * announcement of a version whose announcements had no source of their own, or a forgery. So its row is only read.
 */
async function isKnownAnnouncement(key: ErrorKey, ports: ErrorEventPorts): Promise<boolean> {
  const earlier = await ports.earlierAnnouncement(key);
  if (earlier === 'held') throw new InProgress('an invocation of an earlier version is notifying about this event');
  return earlier === 'notified';
}
