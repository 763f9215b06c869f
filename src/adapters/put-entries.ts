import { setTimeout as pause } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { NotTaken } from '../application/publish-changes';

/** Milliseconds before each retry: a throttled bus recovers within a second, and the function's caller retries after these. */
const PAUSES_MS = [100, 400] as const;

/** Source and detail-type of all events of a call: the permission for PutEvents names one of each. */
export interface EventKind {
  readonly source: string;
  readonly detailType: string;
}

/**
 * Puts events of one kind on a bus in one call, and retries the refused entries, for which PutEvents responds with 200 as well.
 * @param details at most as many as a call accepts
 * @throws NotTaken with the index of the first event that stays refused
 */
export async function putEntries(
  events: EventBridgeClient,
  EventBusName: string,
  { source, detailType }: EventKind,
  details: readonly object[],
  abortSignal: AbortSignal,
): Promise<void> {
  let waiting = details.map((detail, index) => ({
    index,
    entry: { EventBusName, Source: source, DetailType: detailType, Detail: JSON.stringify(detail) },
  }));
  for (const wait of [...PAUSES_MS, undefined]) {
    const Entries = waiting.map(({ entry }) => entry);
    const answer = await events.send(new PutEventsCommand({ Entries }), { abortSignal });
    if (answer.FailedEntryCount === 0) return;
    const results = answer.Entries ?? [];
    const refused = waiting.filter((_, place) => results[place]?.EventId === undefined);
    const [first] = refused;
    if (first === undefined) return;
    if (wait === undefined) {
      const { ErrorCode, ErrorMessage = 'no message' } = results[waiting.indexOf(first)] ?? {};
      throw new NotTaken(first.index, `the bus refused ${refused.length} events: ${ErrorCode}: ${ErrorMessage}`);
    }
    await pause(wait, undefined, { signal: abortSignal });
    waiting = refused;
  }
}
