import * as v from 'valibot';
import { type StatusChanged, statusChanged } from '../../contracts/status-events';
import type { Status } from '../../contracts/statuses';
import type { ShipmentRow } from './shipment-row';

/** What is known of a row before a change. */
export interface RowBefore {
  readonly version?: string | undefined;
  readonly status?: Status | undefined;
}

/**
 * The status change that subscribers get for a change of a row; undefined when the current event is the same. Then only the row's other events
 * have changed, which matter to later corrections.
 * @throws ValiError when no function of ours can have written the row
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
