import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ENTRIES_A_CALL } from '../../contracts/put-events';
import { STATUS_CHANGED, type StatusChanged } from '../../contracts/status-events';
import { putEntries } from './put-entries';

/** Puts changes of statuses on the bus. */
export const statusBus = (events: EventBridgeClient, busName: string, abortSignal: AbortSignal) => ({
  /** The most that `publish` takes. */
  maxChanges: ENTRIES_A_CALL,

  /** @throws NotTaken naming the first change that is not on the bus in the end */
  publish: (changes: readonly StatusChanged[]): Promise<void> =>
    putEntries(events, busName, STATUS_CHANGED, changes, abortSignal),
});
