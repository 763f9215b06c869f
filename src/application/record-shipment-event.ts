import type { Status } from '../../contracts/statuses';
import { Conflict } from '../domain/failures';
import { type Message, shipmentMessage } from '../domain/messages';
import { isUnexpectedMove } from '../domain/moves';
import { type ProcessResult, processResultOf } from '../domain/process-result';
import { hasContentOf, notifies, type ShipmentEvent } from '../domain/shipment-event';
import { type NotificationMarks, notifyOnce } from './notify-once';
import type { Observer } from './observer';

/** What the log says after an append: the row is new, or one of this identity was there. */
export type Appended = { readonly created: true } | { readonly created: false; readonly existing: LoggedEvent };

export interface LoggedEvent {
  readonly payload_hash: string;
  readonly notified_at?: string;
  readonly lease?: string;
}

/** The status row after an attempt to advance it. */
export type Advanced =
  | { readonly moved: true; readonly previous?: Status }
  | { readonly moved: false; readonly superseded: boolean; readonly current: Status };

export interface RecordPorts {
  readonly environment: string;
  /** This invocation's lease, should the event notify. */
  readonly lease: string;
  /** Epoch milliseconds by the handler's clock. */
  now(): number;
  /** Adds the event to the log unless one of its identity is there. */
  append(event: ShipmentEvent, result: ProcessResult, lease: string | undefined): Promise<Appended>;
  /** Makes the event the shipment's current one if its version is greater. */
  advance(event: ShipmentEvent): Promise<Advanced>;
  marksOf(event: ShipmentEvent): NotificationMarks;
  publish(message: Message): Promise<void>;
  readonly observer: Observer;
}

export interface Recorded {
  readonly duplicate: boolean;
  /** Whether this event became the shipment's current status in this call. */
  readonly moved: boolean;
  /** The status on record before the event (or instead of it). */
  readonly recordedStatus?: Status;
}

/**
 * Records one event: log first, then the status, then people. Safe to repeat at any point: each step is a conditional write that
 * finds its own earlier effect.
 * @throws Conflict when the log has this identity with another content
 */
export async function recordShipmentEvent(event: ShipmentEvent, ports: RecordPorts): Promise<Recorded> {
  const lease = notifies(event) ? ports.lease : undefined;
  const appended = await ports.append(event, processResultOf(event, ports.now()), lease);
  if (!appended.created && !hasContentOf(appended.existing.payload_hash, event)) {
    throw new Conflict(
      `event ${event.event_id} is already on record with another content: give a new event a new event_id`,
    );
  }
  const existing = appended.created ? undefined : appended.existing;
  // Our own lease on an existing row: the answer to this very put was lost, and the SDK repeated it.
  const ownPut = existing === undefined || (lease !== undefined && existing.lease === lease);

  const advanced = await ports.advance(event);
  reportAdvance(event, advanced, ports.observer);

  const superseded = !advanced.moved && advanced.superseded;
  let notified = false;
  if (notifies(event) && existing?.notified_at === undefined) {
    const message = shipmentMessage(event, ports.environment, superseded);
    notified = await notifyOnce(ports.marksOf(event), () => ports.publish(message), ownPut);
    if (notified) ports.observer.count('notified');
  }
  const outcome = ownPut ? 'accepted' : 'duplicate';
  ports.observer.count(outcome);
  ports.observer.info('the event is on record', { outcome, status: event.status, superseded, notified });
  const recordedStatus = advanced.moved ? advanced.previous : advanced.current;
  return { duplicate: !ownPut, moved: advanced.moved, ...(recordedStatus && { recordedStatus }) };
}

/** Surprises are judged only when the row moved: a late event says nothing about where the shipment is now. */
function reportAdvance(event: ShipmentEvent, advanced: Advanced, observer: Observer): void {
  if (!advanced.moved) {
    if (advanced.superseded) observer.count('superseded');
    return;
  }
  const { previous } = advanced;
  if (previous === undefined) return;
  const fields = { recorded_status: previous, status: event.status };
  if (isUnexpectedMove(previous, event.status)) {
    observer.count('unexpectedMove');
    observer.warn('unexpected move', fields);
  }
  if (event.old_status !== undefined && event.old_status !== previous) {
    observer.count('oldStatusMismatch');
    observer.warn('old_status differs from the recorded status', { ...fields, old_status: event.old_status });
  }
}
