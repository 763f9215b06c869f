import { InProgress } from '../domain/failures';

export interface Claimed {
  /** When the row was first seen, in epoch milliseconds, if the row has it. */
  readonly firstSeenAt?: number;
}

/** Notification state of a row: sent, or leased by an invocation. Each change is one conditional write. */
export interface NotificationState {
  /** Takes the lease when no notification was sent and no other invocation holds a live lease. */
  claim(): Promise<Claimed | 'notified' | 'held'>;
  /** Removes the lease, so that the next attempt need not wait for it to expire. */
  release(): Promise<void>;
  markNotified(): Promise<void>;
}

/**
 * Publishes unless an earlier call did. At least once whatever crashes; exactly once unless the process dies between publish and mark, or the
 * outcome of either is unknown.
 * @param holdsLease whether the write that created the row has stored our lease already
 * @returns whether this call published
 * @throws InProgress while another invocation holds the lease: success must not be returned before the row is marked
 */
export async function notifyOnce(
  state: NotificationState,
  publish: (claimed: Claimed) => Promise<void>,
  holdsLease: boolean,
): Promise<boolean> {
  const claim = holdsLease ? {} : await state.claim();
  if (claim === 'notified') return false;
  if (claim === 'held') throw new InProgress('another invocation is notifying about this event');
  try {
    await publish(claim);
  } catch (error) {
    // A lease that cannot be released expires by itself; the failure to publish is the one to report.
    await state.release().catch(() => undefined);
    throw error;
  }
  await state.markNotified();
  return true;
}
