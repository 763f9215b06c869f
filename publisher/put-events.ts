/** Puts events on the bus: refused entries again, and them alone, after growing pauses. */
import { type EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { mayPass } from '../contracts/put-events';
import { batchesOf, type CheckedEvent } from './batches';

export interface Bus {
  readonly busName: string;
  readonly client: Pick<EventBridgeClient, 'send'>;
  /** Waits before the attempt after this one; attempts count from 1. */
  pauseAfter(attempt: number, signal: AbortSignal | undefined): Promise<unknown>;
}

export interface Pending {
  readonly index: number;
  readonly checked: CheckedEvent;
}

/** Every event is in one of the two, by its index. */
export interface Outcome {
  /** EventBridge's ids of those on the bus. */
  readonly ids: Map<number, string>;
  /** Why the others are not, as far as is known. */
  readonly reasons: Map<number, string>;
}

/** Attempts at an entry that the bus refuses for a reason that may pass. */
const ATTEMPTS = 5;

/** Never throws. A call that fails as a whole ends it: the SDK has retried that call already, and the next would fare no better. */
export async function putEvents(events: readonly Pending[], bus: Bus, signal?: AbortSignal): Promise<Outcome> {
  const outcome: Outcome = { ids: new Map(), reasons: new Map() };
  let pending = await putOnce(events, bus, signal, outcome);
  for (let attempt = 1; attempt < ATTEMPTS && pending.length > 0; attempt += 1) {
    try {
      await bus.pauseAfter(attempt, signal);
    } catch {
      // Stopped while it waited: what was refused stays refused.
      break;
    }
    pending = await putOnce(pending, bus, signal, outcome);
  }
  return outcome;
}

/** @returns the events that were refused for a reason that may pass; none when a call failed */
async function putOnce(
  events: readonly Pending[],
  { client, busName }: Bus,
  abortSignal: AbortSignal | undefined,
  outcome: Outcome,
): Promise<Pending[]> {
  const batches = batchesOf(events);
  const again: Pending[] = [];
  for (const [place, batch] of batches.entries()) {
    try {
      abortSignal?.throwIfAborted();
    } catch (error) {
      giveUp(batches.slice(place).flat(), `not sent: ${describe(error)}`, outcome);
      return [];
    }
    try {
      const command = new PutEventsCommand({ Entries: batch.map(({ checked }) => entryOf(checked, busName)) });
      const answer = await client.send(command, abortSignal && { abortSignal });
      again.push(...refused(batch, answer.Entries ?? [], outcome));
    } catch (error) {
      giveUp(
        batch,
        `${isRefusal(error) ? 'refused' : 'no answer, so it may be on the bus'}: ${describe(error)}`,
        outcome,
      );
      giveUp(batches.slice(place + 1).flat(), 'not sent: the call before it failed', outcome);
      return [];
    }
  }
  return again;
}

/** By its mark and not by its class: a service may bring an SDK of another version than ours. */
const isRefusal = (error: unknown) =>
  typeof error === 'object' && error !== null && '$fault' in error && error.$fault === 'client';

const entryOf = ({ source, detailType, detail }: CheckedEvent, busName: string) => ({
  EventBusName: busName,
  Source: source,
  DetailType: detailType,
  Detail: detail,
});

function refused(
  batch: readonly Pending[],
  answers: readonly PutEventsResultEntry[],
  { ids, reasons }: Outcome,
): Pending[] {
  return batch.filter(({ index }, place) => {
    const { EventId, ErrorCode, ErrorMessage = 'no message' } = answers[place] ?? {};
    if (EventId) {
      ids.set(index, EventId);
      reasons.delete(index);
      return false;
    }
    reasons.set(index, `refused: ${ErrorCode ?? 'no code'}: ${ErrorMessage}`);
    return mayPass(ErrorCode);
  });
}

function giveUp(events: readonly Pending[], reason: string, { reasons }: Outcome): void {
  for (const { index } of events) reasons.set(index, reason);
}

const describe = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
