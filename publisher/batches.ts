/** An event as PutEvents takes it, without the bus. */
export interface CheckedEvent {
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
}

/** PutEvents takes ten entries a call. */
const MAX_ENTRIES = 10;

/**
 * What PutEvents takes in one call, "less than 1MB" (its API reference; 256 KB until January 2026). Calls with several entries stay
 * below the old figure, which any region and any stand-in takes; only an event that is larger by itself goes beyond it, alone.
 */
export const MAX_BYTES = 1_000_000;
const PACKED_BYTES = 256_000;

/** By the formula of EventBridge's user guide ("Calculating PutEvents event entry size"). */
export const sizeOf = ({ source, detailType, detail }: CheckedEvent) =>
  Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);

/** Cuts events into calls, in their order. */
export function batchesOf<T extends { readonly checked: CheckedEvent }>(events: readonly T[]): T[][] {
  const batches: T[][] = [];
  let room = 0;
  for (const event of events) {
    const size = sizeOf(event.checked);
    const last = batches.at(-1);
    if (last && last.length < MAX_ENTRIES && size <= room) {
      last.push(event);
      room -= size;
    } else {
      batches.push([event]);
      room = PACKED_BYTES - size;
    }
  }
  return batches;
}
