import type { LocatedEvent } from './events';

/** PutEvents takes ten entries a call. */
const MAX_ENTRIES = 10;

/** All entries of a call together; a larger event goes alone. Every limit that AWS has documented for a call allows this. */
const MAX_CALL_BYTES = 256 * 1_024;

/** Groups events into calls of PutEvents, in their order. */
export async function* batchesOf(events: AsyncIterable<LocatedEvent>): AsyncGenerator<readonly LocatedEvent[]> {
  let batch: LocatedEvent[] = [];
  let bytes = 0;
  for await (const event of events) {
    if (batch.length === MAX_ENTRIES || (batch.length > 0 && bytes + event.bytes > MAX_CALL_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += event.bytes;
  }
  if (batch.length > 0) yield batch;
}
