import { setTimeout as sleep } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { mayPass } from '../../contracts/put-events';

/** The bus's answer to one entry: the id it gave the event, or why it refused it. */
export type Answer = { readonly id: string } | { readonly refused: string };

const MAX_TRIES = 8;

/** Waits of up to 0.1, 0.2, 0.4 … 6.4 s, scattered so that two senders do not stay in step. */
const pause = (tries: number) => sleep(Math.random() * 100 * 2 ** tries);

/**
 * Puts up to ten entries on the bus, and again those of them that it refused for the moment only. Answers in the order of the entries.
 * @throws what the SDK throws when a whole call fails: then the entries may be on the bus, or not
 */
export async function putEvents(
  events: EventBridgeClient,
  entries: readonly PutEventsRequestEntry[],
  wait = pause,
): Promise<readonly Answer[]> {
  const answers = new Map<number, Answer>();
  let open = entries.map((entry, index) => ({ entry, index }));
  for (let tries = 0; open.length > 0 && tries < MAX_TRIES; tries += 1) {
    if (tries > 0) await wait(tries - 1);
    const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: open.map(({ entry }) => entry) }));
    open = open.filter(({ index }, place) => {
      const { EventId, ErrorCode, ErrorMessage = 'no message' } = Entries[place] ?? {};
      answers.set(index, EventId ? { id: EventId } : { refused: `${ErrorCode ?? 'no code'}: ${ErrorMessage}` });
      return !EventId && mayPass(ErrorCode);
    });
  }
  return entries.map((_, index) => answers.get(index) ?? { refused: 'no answer' });
}
