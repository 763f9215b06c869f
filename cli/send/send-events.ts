import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { shellWord } from '../../contracts/shell';
import type { Print } from '../terminal/output';
import { Progress } from '../terminal/progress';
import { batchesOf } from './batches';
import type { LocatedEvent } from './events';
import { type Answer, putEvents } from './put-events';

export interface Tally {
  sent: number;
  refused: number;
  /** Sent events that would be new events if they were sent again. */
  withoutIdentity: number;
}

export interface SendPorts {
  readonly events: EventBridgeClient;
  readonly print: Print;
  readonly tally: Tally;
  /** Aborted when sending must end after the current call. */
  readonly ending: AbortSignal;
  /** Events a second, by default unlimited. */
  readonly rate?: number;
  /** Gives the command that resumes at a line of this input. */
  resume(line: number): string;
}

const COLUMNS: readonly (keyof ReturnType<typeof outcomeOf>)[] = ['at', 'shipment_id', 'envelope_id', 'outcome'];

/**
 * Puts the events on the bus one call after another, so that the input can be resumed at a line.
 * @returns false when it ended before the last event, after a note on how to resume
 * @throws the SDK's error when a call fails for good
 */
export async function sendEvents(located: AsyncIterable<LocatedEvent>, ports: SendPorts): Promise<boolean> {
  const { events, print, tally, ending, rate = Number.POSITIVE_INFINITY, resume } = ports;
  const began = performance.now();
  let taken = 0;
  const progress = new Progress(print);
  for await (const batch of batchesOf(located)) {
    const [first] = batch;
    if (!first) continue;
    // The rate is an average over the whole run: after a slow call the next ones wait less.
    const wait = began + (taken / rate) * 1_000 - performance.now();
    if (wait > 0) await pause(wait, ending);
    taken += batch.length;
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

const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);

function outcomeOf({ at, shipment_id }: LocatedEvent, answer: Answer) {
  if ('id' in answer) return { at, shipment_id, envelope_id: answer.id, outcome: 'sent' };
  return { at, shipment_id, envelope_id: null, outcome: `refused by the bus, ${answer.refused}` };
}
