import { sharesCall } from '../../contracts/put-events';
import type { LocatedEvent } from './events';

/** Groups events into calls of PutEvents, in their order. */
export async function* batchesOf(events: AsyncIterable<LocatedEvent>): AsyncGenerator<readonly LocatedEvent[]> {
  let batch: LocatedEvent[] = [];
  let bytes = 0;
  for await (const event of events) {
    if (batch.length > 0 && !sharesCall(event.bytes, { entries: batch.length, bytes })) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += event.bytes;
  }
  if (batch.length > 0) yield batch;
}
