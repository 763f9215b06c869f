import { setTimeout as sleep } from 'node:timers/promises';
import { sharesCall } from '../../contracts/put-events';
import type { LocatedEvent } from './events';

/** Pending events are sent when a pipe is idle for this long. */
const SILENCE_MS = 1_000;

/** Groups events into calls of PutEvents, in order. */
export async function* batchesOf(
  events: AsyncIterable<LocatedEvent>,
  silence = SILENCE_MS,
): AsyncGenerator<readonly LocatedEvent[]> {
  const source = events[Symbol.asyncIterator]();
  let pending = nextOf(source);
  let batch: LocatedEvent[] = [];
  let bytes = 0;
  for (;;) {
    const next = batch.length === 0 ? await pending : await withTimeout(pending, silence);
    const event = next?.done === false ? next.value : undefined;
    const isFull = event && !sharesCall(event.bytes, { entries: batch.length, bytes });
    if (batch.length > 0 && (!event || isFull)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (next?.done) return;
    if (!event) continue;
    batch.push(event);
    bytes += event.bytes;
    pending = nextOf(source);
  }
}

/** Requests the next event. An error is thrown only where the event is awaited. */
function nextOf(source: AsyncIterator<LocatedEvent>): Promise<IteratorResult<LocatedEvent>> {
  const next = source.next();
  next.catch(() => undefined);
  return next;
}

/** Awaits a value; undefined after the timeout. */
async function withTimeout<T>(pending: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([pending, sleep(milliseconds, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
