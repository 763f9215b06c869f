import type { Envelope } from '../domain/envelope';
import { type ErrorKey, keptEvent, rowNamedBy } from '../domain/failure-row';
import { MAX_MESSAGE_CHARACTERS } from '../domain/failures';
import { beginningOf, cutText } from '../domain/json';
import { errorMessage, isCritical, type Message } from '../domain/messages';
import { type NotificationMarks, notifyOnce } from './notify-once';
import type { Observer } from './observer';

/** What a received error event adds to its row, where the row does not say it already. */
export interface ReceivedError extends ErrorKey {
  readonly detail_type: string;
  readonly error_type: string;
  readonly error_message: string;
  readonly event: string;
}

export interface ErrorEventPorts {
  readonly environment: string;
  marksOf(received: ReceivedError): NotificationMarks;
  publish(message: Message, topic: 'alerts' | 'processing'): Promise<void>;
  readonly observer: Observer;
}

/**
 * Records an error event and tells people about it, once per row and detail-type. Never puts an event on the bus: that would loop.
 * @returns whether the event is critical
 */
export async function handleErrorEvent(
  envelope: Envelope,
  error: { readonly error_type: string; readonly error_message: string },
  ports: ErrorEventPorts,
): Promise<{ critical: boolean }> {
  const key = rowNamedBy(envelope.detail, ports.environment) ?? {
    error_id: `external/${envelope.id}`,
    timestamp: envelope.time,
  };
  const critical = isCritical(envelope.detailType, error.error_type);
  const message = errorMessage(envelope, error, critical, ports.environment);
  const received = {
    ...key,
    detail_type: envelope.detailType,
    error_type: cutText(error.error_type, MAX_MESSAGE_CHARACTERS),
    error_message: beginningOf(error.error_message, MAX_MESSAGE_CHARACTERS),
    event: keptEvent(envelope.received),
  };
  const publish = () => ports.publish(message, critical ? 'alerts' : 'processing');
  const notified = await notifyOnce(ports.marksOf(received), publish, false);
  if (notified) ports.observer.count('notified');
  ports.observer.info('the error event is on record', {
    outcome: notified ? 'accepted' : 'duplicate',
    critical,
    notified,
  });
  return { critical };
}
