/** Puts entries on the bus: refused ones again, and them alone, after growing pauses. */
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { mayPass } from '../contracts/put-events';
import { batchesOf } from './batches';

export interface Sending {
  readonly client: Pick<EventBridgeClient, 'send'>;
  /** Attempts at an entry that the bus refuses for a reason that may pass. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
  /** Waits before the attempt after this one; attempts count from 1. */
  pauseAfter(attempt: number): Promise<unknown>;
}

/** Of one entry. */
export type Answer =
  /** On the bus, by EventBridge's id. */
  | { readonly id: string }
  /** Not on the bus: EventBridge's code and message. */
  | { readonly refused: string }
  /** Of a call that failed or was not made, with what was thrown. */
  | { readonly unsent: string; readonly error: unknown };

interface Pending {
  readonly index: number;
  readonly entry: PutEventsRequestEntry;
}

/**
 * Answers in the order of the entries, and never throws. A call that fails as a whole ends it: the SDK has retried that call already, and the next
 * would fare no better.
 */
export async function putEvents(entries: readonly PutEventsRequestEntry[], sending: Sending): Promise<Answer[]> {
  const answers: Answer[] = [];
  let pending = await putOnce(
    entries.map((entry, index) => ({ index, entry })),
    sending,
    answers,
  );
  for (let attempt = 1; attempt < sending.attempts && pending.length > 0; attempt += 1) {
    try {
      await sending.pauseAfter(attempt);
    } catch {
      // Stopped while it waited: what was refused stays refused.
      break;
    }
    pending = await putOnce(pending, sending, answers);
  }
  return answers;
}

/** @returns the entries that were refused for a reason that may pass; none when a call failed */
async function putOnce(
  entries: readonly Pending[],
  { client, signal }: Sending,
  answers: Answer[],
): Promise<Pending[]> {
  const batches = batchesOf(entries);
  const again: Pending[] = [];
  for (const [place, batch] of batches.entries()) {
    const rest = batches.slice(place + 1).flat();
    try {
      signal?.throwIfAborted();
    } catch (error) {
      giveUp([...batch, ...rest], { unsent: `not sent: ${describe(error)}`, error }, answers);
      return [];
    }
    try {
      const command = new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) });
      const { Entries = [] } = await client.send(command, signal && { abortSignal: signal });
      again.push(...refused(batch, Entries, answers));
    } catch (error) {
      const unsent = `${isRefusal(error) ? 'refused' : 'no answer, so it may be on the bus'}: ${describe(error)}`;
      giveUp(batch, { unsent, error }, answers);
      giveUp(rest, { unsent: 'not sent: the call before it failed', error }, answers);
      return [];
    }
  }
  return again;
}

/** By its mark and not by its class: a service may bring an SDK of another version than ours. */
const isRefusal = (error: unknown) =>
  typeof error === 'object' && error !== null && '$fault' in error && error.$fault === 'client';

function refused(batch: readonly Pending[], results: readonly PutEventsResultEntry[], answers: Answer[]): Pending[] {
  return batch.filter(({ index }, place) => {
    const { EventId, ErrorCode, ErrorMessage = 'no message' } = results[place] ?? {};
    answers[index] = EventId ? { id: EventId } : { refused: `${ErrorCode ?? 'no code'}: ${ErrorMessage}` };
    return !EventId && mayPass(ErrorCode);
  });
}

function giveUp(entries: readonly Pending[], answer: Answer, answers: Answer[]): void {
  for (const { index } of entries) answers[index] = answer;
}

const describe = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
