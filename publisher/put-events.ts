/** Puts entries on the bus and retries only the refused ones, after growing pauses. */
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { entryBytes, mayPass, sharesCall } from '../contracts/put-events';

export interface PutEventsOptions {
  readonly client: Pick<EventBridgeClient, 'send'>;
  /** Attempts for an entry that is refused for a temporary reason. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
  /** Waits between the given attempt, counted from 1, and the next. */
  pauseAfter(attempt: number): Promise<unknown>;
}

export type EntryResult =
  /** On the bus, with EventBridge's id. */
  | { readonly id: string }
  /** Not on the bus: EventBridge's code and message. */
  | { readonly refused: string }
  /** Its call failed or was not made; `error` is what was thrown. */
  | { readonly unsent: string; readonly error: unknown };

interface Pending {
  readonly index: number;
  readonly entry: PutEventsRequestEntry;
}

/**
 * Returns results in the order of the entries and never throws. Stops at the first call that fails as a whole, since the SDK has already
 * retried it.
 */
export async function putEvents(
  entries: readonly PutEventsRequestEntry[],
  options: PutEventsOptions,
): Promise<EntryResult[]> {
  const results: EntryResult[] = [];
  let pending = await putOnce(
    entries.map((entry, index) => ({ index, entry })),
    options,
    results,
  );
  for (let attempt = 1; attempt < options.attempts && pending.length > 0; attempt += 1) {
    try {
      await options.pauseAfter(attempt);
    } catch {
      // Aborted during the pause: the refused entries stay refused.
      break;
    }
    pending = await putOnce(pending, options, results);
  }
  return results;
}

/** @returns the entries that were refused for a temporary reason; none when a call failed */
async function putOnce(
  entries: readonly Pending[],
  { client, signal }: PutEventsOptions,
  results: EntryResult[],
): Promise<Pending[]> {
  const batches = batchesOf(entries);
  const toRetry: Pending[] = [];
  for (const [batchIndex, batch] of batches.entries()) {
    const laterEntries = batches.slice(batchIndex + 1).flat();
    try {
      signal?.throwIfAborted();
    } catch (error) {
      setAll([...batch, ...laterEntries], { unsent: `not sent: ${describe(error)}`, error }, results);
      return [];
    }
    try {
      const command = new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) });
      const { Entries = [] } = await client.send(command, signal && { abortSignal: signal });
      toRetry.push(...refused(batch, Entries, results));
    } catch (error) {
      const unsent = `${isRefusal(error) ? 'refused' : 'no answer, so it may be on the bus'}: ${describe(error)}`;
      setAll(batch, { unsent, error }, results);
      setAll(laterEntries, { unsent: 'not sent: the call before it failed', error }, results);
      return [];
    }
  }
  return toRetry;
}

/** Splits entries into calls, in their order. */
function batchesOf(events: readonly Pending[]): Pending[][] {
  const batches: Pending[][] = [];
  let bytes = 0;
  for (const event of events) {
    const { Source: source = '', DetailType: detailType = '', Detail: detail = '', Time } = event.entry;
    const size = entryBytes({ source, detailType, detail, hasTime: Time !== undefined });
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

/** By its property, not its class: the service may use another version of the SDK. */
const isRefusal = (error: unknown) =>
  typeof error === 'object' && error !== null && '$fault' in error && error.$fault === 'client';

/** Records the results of a call. @returns the entries that were refused for a temporary reason */
function refused(
  batch: readonly Pending[],
  answers: readonly PutEventsResultEntry[],
  results: EntryResult[],
): Pending[] {
  return batch.filter(({ index }, place) => {
    const { EventId, ErrorCode, ErrorMessage = 'no message' } = answers[place] ?? {};
    results[index] = EventId ? { id: EventId } : { refused: `${ErrorCode ?? 'no code'}: ${ErrorMessage}` };
    return !EventId && mayPass(ErrorCode);
  });
}

function setAll(entries: readonly Pending[], result: EntryResult, results: EntryResult[]): void {
  for (const { index } of entries) results[index] = result;
}

const describe = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
