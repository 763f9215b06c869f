import { ENTRIES_A_CALL, entryBytes, SHARED_CALL_BYTES } from '../contracts/put-events';

/** An event as PutEvents takes it, without the bus. */
export interface CheckedEvent {
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
}

/** Cuts events into calls, in their order. */
export function batchesOf<T extends { readonly checked: CheckedEvent }>(events: readonly T[]): T[][] {
  const batches: T[][] = [];
  let room = 0;
  for (const event of events) {
    const size = entryBytes({ ...event.checked, hasTime: false });
    const last = batches.at(-1);
    if (last && last.length < ENTRIES_A_CALL && size <= room) {
      last.push(event);
      room -= size;
    } else {
      batches.push([event]);
      room = SHARED_CALL_BYTES - size;
    }
  }
  return batches;
}
