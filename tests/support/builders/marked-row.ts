import type { NotificationState } from '../../../src/application/notify-once';
import type { Call } from '../properties/killable';

/** A row in memory with its notification state. */
export interface MarkedRow {
  lease?: string | undefined;
  notified_at?: string;
  readonly firstSeenAt?: number;
}

/** The notification state of a row, under the conditions of src/adapters/notification-state.ts. */
export const marksOf = (
  row: () => MarkedRow | undefined,
  lease: string,
  now: () => number,
  call: Call,
): NotificationState => ({
  claim: () =>
    call('claim', () => {
      const found = row();
      if (found?.notified_at) return 'notified';
      const isHeld = found?.lease && found.lease >= String(now()) && found.lease !== lease;
      if (!found || isHeld) return 'held';
      found.lease = lease;
      return found.firstSeenAt === undefined ? {} : { firstSeenAt: found.firstSeenAt };
    }),
  release: () =>
    call('release', () => {
      const found = row();
      if (found?.lease === lease) found.lease = undefined;
    }),
  markNotified: () =>
    call('mark', () => {
      const found = row();
      if (found) found.notified_at = new Date(now()).toISOString();
    }),
});
