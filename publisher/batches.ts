import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { entryBytes, sharesCall } from '../contracts/put-events';

/** Cuts entries into calls, in their order. */
export function batchesOf<T extends { readonly entry: PutEventsRequestEntry }>(events: readonly T[]): T[][] {
  const batches: T[][] = [];
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
