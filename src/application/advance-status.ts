import type { Status } from '../../contracts/statuses';
import type { ShipmentEvent } from '../domain/shipment-event';
import { rowOf, type ShipmentRow, stateOfRow } from '../domain/shipment-row';
import { join, stateOf } from '../domain/shipment-state';
import type { Versioned } from '../domain/version';

export interface StatusPorts {
  /** Puts a shipment's row on the condition that the stored row is still `seen`; without `seen`, that no stored row would lose an event. */
  putStatus(row: ShipmentRow, seen: ShipmentRow | undefined): Promise<StatusPut>;
}

export type StatusPut =
  | { readonly put: true; readonly replaced?: ShipmentRow }
  /** The condition failed; `found` is the stored row, if any. */
  | { readonly put: false; readonly found?: ShipmentRow };

/** The part of an event that the status row is computed from. */
export type StatusEvent = Versioned & Pick<ShipmentEvent, 'shipment_id' | 'detail_type'>;

/** The status row after an event. */
export interface Advanced {
  /** True when another event has become current. */
  readonly moved: boolean;
  /** True when an event other than this one is current. */
  readonly superseded: boolean;
  readonly previous?: Status;
  readonly current: Status;
}

/**
 * Joins an event into its shipment's row. This is one write when the event replaces the whole stored row, or changes nothing. Otherwise the
 * failed condition returns the stored row, and the joined row is put while that row is unchanged. This is repeated while other writers are
 * faster: each time one of them has succeeded, and the caller's deadline ends the calls.
 */
export async function advanceStatus(event: StatusEvent, { putStatus }: StatusPorts): Promise<Advanced> {
  const eventState = stateOf(event);
  for (let seen: ShipmentRow | undefined; ; ) {
    const row = rowOf(event.shipment_id, seen ? join(stateOfRow(seen), eventState) : eventState);
    if (seen && isSameState(row, seen)) return advanced(event, row, seen);
    const result: StatusPut = await putStatus(row, seen);
    if (result.put) return advanced(event, row, result.replaced);
    const { found } = result;
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
