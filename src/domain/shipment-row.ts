import { statusRule } from '../../contracts/statuses';
import { currentOf, type ShipmentState, stateVersion } from './shipment-state';
import { eventOfVersion, type Versioned, versionOf } from './version';

/** A shipment's row: its current event, and the versions of the state's other events. */
export interface ShipmentRow extends Versioned {
  readonly shipment_id: string;
  readonly version: string;
  /** The version of the latest correction; the current event may be that correction. */
  readonly last_correction?: string;
  /** The version of an open event that is later than the closed status hiding it. */
  readonly hidden_event?: string;
}

export function rowOf(shipment_id: string, state: ShipmentState): ShipmentRow {
  const current = currentOf(state);
  const { status, timestamp, event_id } = current;
  const { correction, open } = state;
  return {
    shipment_id,
    status,
    timestamp,
    event_id,
    version: stateVersion(state),
    ...(correction && { last_correction: versionOf(correction) }),
    ...(open && open !== current && { hidden_event: versionOf(open) }),
  };
}

/** Only an open event can be hidden: a closing event that counts is later than the correction, and so never hidden by it. */
export function stateOfRow(row: ShipmentRow): ShipmentState {
  const { status, timestamp, event_id, last_correction, hidden_event } = row;
  const current = { status, timestamp, event_id };
  const hidden = hidden_event === undefined ? {} : { open: eventOfVersion(hidden_event) };
  if (last_correction === versionOf(current)) return { correction: current, ...hidden };
  return {
    ...(last_correction !== undefined && { correction: eventOfVersion(last_correction) }),
    ...(statusRule(status).closed ? { closed: current, ...hidden } : { open: current }),
  };
}
