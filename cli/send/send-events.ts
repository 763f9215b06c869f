import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { shellWord } from '../../contracts/shell';
import type { Print } from '../terminal/output';
import { Progress } from '../terminal/progress';
import { batchesOf } from './batches';
import type { LocatedEvent } from './events';
import { type Answer, putEvents } from './put-events';

/** Outcome of the events so far. */
export interface Tally {
  sent: number;
  refused: number;
  /** Of those sent, the ones that would be new events if they were sent again. */
  withoutIdentity: number;
}

export interface SendPorts {
  readonly events: EventBridgeClient;
  readonly print: Print;
  readonly tally: Tally;
  /** Aborted when it is to end after the call under way. */
  readonly ending: AbortSignal;
  /** Events a second; as many as the bus takes, unless it says so. */
  readonly rate?: number;
  /** The command that goes on from a line of this input. */
  resume(line: number): string;
}

const COLUMNS: readonly (keyof ReturnType<typeof outcomeOf>)[] = ['at', 'shipment_id', 'envelope_id', 'outcome'];

/**
 * Puts the events on the bus, one call after the other, so that everything before a place is sent when the place is reached.
 * @returns false when it ended before the last event, with a note on how to go on
 * @throws what the SDK throws when a call fails for good
 */
export async function sendEvents(found: AsyncIterable<LocatedEvent>, ports: SendPorts): Promise<boolean> {
  const { events, print, tally, ending, rate = Number.POSITIVE_INFINITY, resume } = ports;
  const began = performance.now();
  let passed = 0;
  const progress = new Progress(print);
  for await (const batch of batchesOf(found)) {
    const [first] = batch;
    if (!first) continue;
    // Steady over the whole run: a slow call is made up for.
    const wait = began + (passed / rate) * 1_000 - performance.now();
    if (wait > 0) await pause(wait, ending);
    passed += batch.length;
    if (ending.aborted) {
      print.note(`ended before ${shellWord(first.at)}; the rest: ${resume(first.line)}`);
      return false;
    }
    let answers: readonly Answer[];
    try {
      answers = await putEvents(
        events,
        batch.map(({ entry }) => entry),
      );
    } catch (error) {
      print.note(
        `a call failed: up to ten events from ${shellWord(first.at)} on may be on the bus, or not; from there: ${resume(first.line)}`,
      );
      throw error;
    }
    const outcomes = batch.map((event, index) => outcomeOf(event, answers[index] ?? { refused: 'no answer' }));
    print.rows(outcomes, COLUMNS);
    const sent = batch.filter((_, index) => outcomes[index]?.outcome === 'sent');
    tally.sent += sent.length;
    tally.refused += batch.length - sent.length;
    tally.withoutIdentity += sent.filter(({ hasIdentity }) => !hasIdentity).length;
    progress.report(() => `${tally.sent} sent, at ${shellWord(first.at)}`);
  }
  return true;
}

/** Waits, but not for what is to end. */
const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);

function outcomeOf({ at, shipment_id }: LocatedEvent, answer: Answer) {
  if ('id' in answer) return { at, shipment_id, envelope_id: answer.id, outcome: 'sent' };
  return { at, shipment_id, envelope_id: null, outcome: `refused by the bus, ${answer.refused}` };
}
