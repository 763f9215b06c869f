import { setTimeout as sleep } from 'node:timers/promises';
import { sharesCall } from '../../contracts/put-events';
import type { LocatedEvent } from './events';

/** A pipe that brings nothing for this long is not waited for: what is there is sent. */
const SILENCE_MS = 1_000;

/** Groups events into calls of PutEvents, in their order. */
export async function* batchesOf(
  events: AsyncIterable<LocatedEvent>,
  silence = SILENCE_MS,
): AsyncGenerator<readonly LocatedEvent[]> {
  const source = events[Symbol.asyncIterator]();
  let coming = nextOf(source);
  let batch: LocatedEvent[] = [];
  let bytes = 0;
  for (;;) {
    const next = batch.length === 0 ? await coming : await unlessSilent(coming, silence);
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
    coming = nextOf(source);
  }
}

/** Asks for the next event ahead of its use; an error is thrown when it is awaited. */
function nextOf(source: AsyncIterator<LocatedEvent>): Promise<IteratorResult<LocatedEvent>> {
  const coming = source.next();
  coming.catch(() => undefined);
  return coming;
}

/** Awaits a value; undefined when it has not come after so many milliseconds. */
async function unlessSilent<T>(coming: Promise<T>, silence: number): Promise<T | undefined> {
  const silent = new AbortController();
  try {
    return await Promise.race([coming, sleep(silence, undefined, { signal: silent.signal })]);
  } finally {
    silent.abort();
  }
}
