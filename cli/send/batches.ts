import { ENTRIES_A_CALL, SHARED_CALL_BYTES } from '../../contracts/put-events';
import type { LocatedEvent } from './events';

/** Groups events into calls of PutEvents, in their order. */
export async function* batchesOf(events: AsyncIterable<LocatedEvent>): AsyncGenerator<readonly LocatedEvent[]> {
  let batch: LocatedEvent[] = [];
  let bytes = 0;
  for await (const event of events) {
    if (batch.length === ENTRIES_A_CALL || (batch.length > 0 && bytes + event.bytes > SHARED_CALL_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += event.bytes;
  }
  if (batch.length > 0) yield batch;
}
