import { entryBytes, sharesCall } from '../contracts/put-events';

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
  let bytes = 0;
  for (const event of events) {
    const size = entryBytes({ ...event.checked, hasTime: false });
    const last = batches.at(-1);
    if (last && sharesCall(size, { entries: last.length, bytes })) {
      last.push(event);
      bytes += size;
    } else {
      batches.push([event]);
      bytes = size;
    }
  }
  return batches;
}
