import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeClient, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { putEvents as putOnBus } from '../../publisher/put-events';

/** The bus's answer to one entry: the event's id, or the error code. */
export type Answer = { readonly id: string } | { readonly refused: string };

const ATTEMPTS = 8;

/** Exponential backoff with full jitter, up to 0.1, 0.2, 0.4 … 6.4 s. */
const pause = (attempt: number) => sleep(Math.random() * 100 * 2 ** (attempt - 1));

/**
 * Puts up to ten entries on the bus, and retries those that it throttled. Returns the answers in the order of the entries.
 * @throws the SDK's error when a call fails: then the entries may or may not be on the bus
 */
export async function putEvents(
  client: EventBridgeClient,
  entries: readonly PutEventsRequestEntry[],
  pauseAfter: (attempt: number) => Promise<unknown> = pause,
): Promise<readonly Answer[]> {
  const answers = await putOnBus(entries, { client, attempts: ATTEMPTS, pauseAfter });
  return answers.map((answer) => {
    if ('unsent' in answer) throw answer.error;
    return answer;
  });
}
