import type { AnnouncedFailure, FailureKind } from '../../contracts/error-fields';
import { announcementDue, type ErrorKey, type Failure } from '../domain/failure-row';

export interface FailurePorts {
  /** Attempts Lambda makes before it sends the event to the dead-letter queue. */
  readonly maxAttempts: number;
  /** Adds the attempt to the row of its event. */
  record(failure: Failure): Promise<{ readonly attempts: number; readonly announced: ReadonlySet<string> }>;
  announce(failure: AnnouncedFailure): Promise<void>;
  markAnnounced(key: ErrorKey, kind: FailureKind): Promise<void>;
}

/**
 * Records a failed attempt and, when no further attempt can help or will be made, announces it on the bus, once per kind. The mark
 * follows the announcement, so a crash between them repeats the announcement rather than losing it.
 */
export async function recordFailure(failure: Failure, ports: FailurePorts): Promise<void> {
  const { attempts, announced } = await ports.record(failure);
  const kind = announcementDue(failure.error_type, attempts, ports.maxAttempts);
  if (kind === undefined || announced.has(kind)) return;
  const { error_id, timestamp, error_message, function_name, shipment_id, event_id } = failure;
  await ports.announce({
    error_id,
    error_timestamp: timestamp,
    function_name,
    error_type: kind,
    error_message,
    ...(shipment_id && { shipment_id }),
    ...(event_id && { event_id }),
  });
  await ports.markAnnounced(failure, kind);
}
