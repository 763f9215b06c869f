import * as v from 'valibot';
import { type StatusChanged, statusChanged } from '../../contracts/status-events';
import type { Status } from '../../contracts/statuses';
import type { ShipmentRow } from './shipment-row';

/** What is known of a row as it was before a change. */
export interface RowBefore {
  readonly version?: string | undefined;
  readonly status?: Status | undefined;
}

/**
 * The change that a row's change is for subscribers; undefined when the current event is the same: what a row keeps beside it may have changed,
 * which decides about later corrections only.
 * @throws ValiError when the row is none that a function of ours has written
 */
export function statusChangeOf(before: RowBefore, row: ShipmentRow): StatusChanged | undefined {
  if (before.version === row.version) return undefined;
  const { shipment_id, status, timestamp, event_id, version, last_correction } = row;
  return v.parse(statusChanged, {
    shipment_id,
    status,
    ...(before.status && { previous_status: before.status }),
    occurred_at: new Date(timestamp).toISOString(),
    event_id,
    version,
    corrected: last_correction !== undefined,
  });
}
