import type { Status } from '../../contracts/statuses';
import type { ShipmentEvent } from '../domain/shipment-event';
import { rowOf, type ShipmentRow, stateOfRow } from '../domain/shipment-row';
import { join, stateOf } from '../domain/shipment-state';
import type { Versioned } from '../domain/version';

export interface StatusPorts {
  /**
   * Puts a shipment's row on a condition: that the row `seen` still stands there, or, without one, that no row stands there of which the new
   * one would lose anything.
   */
  putStatus(row: ShipmentRow, seen: ShipmentRow | undefined): Promise<StatusPut>;
}

export type StatusPut =
  | { readonly put: true; readonly replaced?: ShipmentRow }
  /** The condition failed on the row that was found, if there was one. */
  | { readonly put: false; readonly found?: ShipmentRow };

/** The part of an event that the status row is made of. */
export type StatusEvent = Versioned & Pick<ShipmentEvent, 'shipment_id' | 'detail_type'>;

/** The status row after an event. */
export interface Advanced {
  /** True when the current event is another one than before. */
  readonly moved: boolean;
  /** True when the current event is another one than this. */
  readonly superseded: boolean;
  readonly previous?: Status;
  readonly current: Status;
}

/**
 * Joins an event into its shipment's row. One write where the event replaces all that stands there, or changes nothing. Otherwise the joined
 * row is put in place of the one that was seen, again while other writers are faster: each of them has then come through, and the caller's
 * deadline ends the calls.
 */
export async function advanceStatus(event: StatusEvent, { putStatus }: StatusPorts): Promise<Advanced> {
  const own = stateOf(event);
  for (let seen: ShipmentRow | undefined; ; ) {
    const row = rowOf(event.shipment_id, seen ? join(stateOfRow(seen), own) : own);
    if (seen && isSameState(row, seen)) return advanced(event, row, seen);
    const answer: StatusPut = await putStatus(row, seen);
    if (answer.put) return advanced(event, row, answer.replaced);
    const { found } = answer;
    if (seen && found && isSameState(seen, found))
      throw new Error('the row is as it was seen, and its condition failed');
    seen = found;
  }
}

const isSameState = (a: ShipmentRow, b: ShipmentRow) =>
  a.version === b.version && a.last_correction === b.last_correction && a.hidden_event === b.hidden_event;

const isSameEvent = (a: Identity, b: Identity) => a.event_id === b.event_id && a.timestamp === b.timestamp;

type Identity = Pick<ShipmentRow, 'event_id' | 'timestamp'>;

const advanced = (event: StatusEvent, row: ShipmentRow, before: ShipmentRow | undefined): Advanced => ({
  moved: before === undefined || !isSameEvent(row, before),
  superseded: !isSameEvent(row, event),
  ...(before && { previous: before.status }),
  current: row.status,
});
