import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeClient, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { putEvents as putOnBus } from '../../publisher/put-events';

/** The bus's answer to one entry: the id it gave the event, or why it refused it. */
export type Answer = { readonly id: string } | { readonly refused: string };

const ATTEMPTS = 8;

/** Waits of up to 0.1, 0.2, 0.4 … 6.4 s, scattered so that two senders do not stay in step. */
const pause = (attempt: number) => sleep(Math.random() * 100 * 2 ** (attempt - 1));

/**
 * Puts up to ten entries on the bus, and again those of them that it refused for the moment only. Answers in the order of the entries.
 * @throws what the SDK throws when a whole call fails: then the entries may be on the bus, or not
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
