import { type LoggedEvent, type TimelineEvent, timelineOf } from '../cli/timeline';
import type { Status } from '../contracts/statuses';
import type { Row } from '../local/snapshot';

/** A shipment's events from a snapshot of the tables, as `npx logistics track` orders and marks them. */
export const trackOf = (shipment: Row, log: readonly Row[]): TimelineEvent[] =>
  timelineOf(
    log.filter((row) => row['shipment_id'] === shipment['shipment_id']).map(loggedEvent),
    versionOfRow(shipment),
  );

const versionOfRow = (row: Row) => ({
  event_id: String(row['event_id']),
  timestamp: Number(row['timestamp']),
  status: row['status'] as Status,
});

function loggedEvent(row: Row): LoggedEvent {
  const { old_status, notified_at, process_result } = row;
  const { estimated_delivery } = process_result as Row;
  return {
    ...versionOfRow(row),
    detail_type: String(row['detail_type']),
    processed_at: String((process_result as Row)['processed_at']),
    ...(typeof estimated_delivery === 'string' && { estimated_delivery }),
    ...(typeof old_status === 'string' && { old_status }),
    ...(typeof notified_at === 'string' && { notified_at }),
  };
}
