import { shellWord } from '../../contracts/shell';
import { isCorrection, notifies } from '../../contracts/shipment-events';
import type { Status } from '../../contracts/statuses';
import { Conflict } from '../domain/failures';
import { type Message, shipmentMessage } from '../domain/messages';
import { type ProcessResult, processResultOf } from '../domain/process-result';
import { hasContentOf, type ShipmentEvent, withoutFreeText } from '../domain/shipment-event';
import { isUnexpectedTransition } from '../domain/transitions';
import { type Advanced, advanceStatus, type StatusPorts } from './advance-status';
import { type NotificationState, notifyOnce } from './notify-once';
import type { Observer } from './observer';

/** Outcome of an append: the row is new, or the log already had a row of this identity. */
export type Appended = { readonly created: true } | { readonly created: false; readonly existing: LoggedEvent };

export interface LoggedEvent {
  readonly payload_hash: string;
  readonly account?: string;
  readonly notified_at?: string;
  readonly lease?: string;
  readonly redacted_at?: string;
}

export interface RecordPorts extends StatusPorts {
  readonly environment: string;
  /** This invocation's lease, should the event notify. */
  readonly lease: string;
  /** Epoch milliseconds by the handler's clock. */
  now(): number;
  /** Adds the event to the log unless the log has a row of its identity. */
  append(event: ShipmentEvent, result: ProcessResult, lease: string | undefined): Promise<Appended>;
  notificationStateOf(event: ShipmentEvent): NotificationState;
  publish(message: Message): Promise<void>;
  readonly observer: Observer;
}

export interface Recorded {
  readonly duplicate: boolean;
  /** True when this call changed the event that the shipment's status comes from. */
  readonly moved: boolean;
  /** The status on record before the event. */
  readonly recordedStatus?: Status;
  readonly currentStatus: Status;
}

/**
 * Records one event: log first, then the status, then the notification. Safe to repeat at any point: each step is a conditional write that
 * finds its own earlier effect.
 * @throws Conflict when the log has this identity with different content
 */
export async function recordShipmentEvent(event: ShipmentEvent, ports: RecordPorts): Promise<Recorded> {
  const lease = notifies(event) ? ports.lease : undefined;
  const appended = await ports.append(event, processResultOf(event, ports.now()), lease);
  if (!appended.created && !hasContentOf(appended.existing.payload_hash, event)) {
    throw new Conflict(conflictMessage(event, appended.existing.account));
  }
  const existing = appended.created ? undefined : appended.existing;
  // An existing row with our own lease: the response to this put was lost, and the SDK retried it.
  const ownPut = existing === undefined || (lease !== undefined && existing.lease === lease);

  const advanced = await advanceStatus(event, ports);
  reportAdvance(event, advanced, ports.observer);

  const { moved, superseded, previous, current } = advanced;
  let notified = false;
  if (notifies(event) && existing?.notified_at === undefined) {
    const notifiable = existing?.redacted_at === undefined ? event : withoutFreeText(event);
    const message = shipmentMessage(notifiable, ports.environment, advanced);
    notified = await notifyOnce(ports.notificationStateOf(event), () => ports.publish(message), ownPut);
    if (notified) ports.observer.count('notified');
  }
  const correction = isCorrection(event);
  if (ownPut && correction) ports.observer.count('corrected');
  const outcome = ownPut ? 'accepted' : 'duplicate';
  ports.observer.count(outcome);
  ports.observer.info('the event is on record', {
    outcome,
    status: event.status,
    superseded,
    notified,
    ...(correction && { correction }),
  });
  return { duplicate: !ownPut, moved, ...(previous && { recordedStatus: previous }), currentStatus: current };
}

/** Names both senders, since one of them may have used an identity of the other. */
function conflictMessage({ event_id, account }: ShipmentEvent, recordedAccount: string | undefined): string {
  const senders = `from ${sender(recordedAccount)}; this one is from ${sender(account)}`;
  return `event ${shellWord(event_id)} is already on record with another content (${senders}): give a new event a new event_id`;
}

const sender = (account: string | undefined) => (account ? `account ${account}` : 'an unknown account');

/**
 * Reports unexpected transitions, only when the current event changed: a late event says nothing about where the shipment is now. A
 * correction is never unexpected: it states that the status before it was wrong.
 */
function reportAdvance(event: ShipmentEvent, { moved, superseded, previous }: Advanced, observer: Observer): void {
  if (!moved && superseded) observer.count('superseded');
  if (!moved || previous === undefined || isCorrection(event)) return;
  const fields = { recorded_status: previous, status: event.status };
  if (isUnexpectedTransition(previous, event.status)) {
    observer.count('unexpectedTransition');
    observer.warn('unexpected transition', fields);
  }
  if (event.old_status !== undefined && event.old_status !== previous) {
    observer.count('oldStatusMismatch');
    observer.warn('old_status differs from the recorded status', { ...fields, old_status: event.old_status });
  }
}
