import { setTimeout as sleep } from 'node:timers/promises';
import { loggedEvent, loggedEventsOf, statusItemOf } from '../../publisher/shipment-records';
import type { LoggedEvent } from '../../publisher/shipment-rows';
import { join, type ShipmentState, stateOf } from '../../src/domain/shipment-state';
import type { Target } from '../target/target';
import { type Difference, differenceOf, eventsOf, stateIn } from './difference';
import type { ComparePorts } from './sweep';

/** A function writes the status row moments after the log row: of an event that was handled within this time the difference may go. */
const FRESH_MS = 10_000;
const WAITS_MS = [250, 500, 1_000, 2_000];

/**
 * Compares a shipment's row with its whole log, and again while a function may be about to write the row.
 * @param seen what is known to be in the log: the index that is read follows it by moments
 */
export async function examine(
  id: string,
  seen: ShipmentState,
  { target, goneBefore }: Pick<ComparePorts, 'target' | 'goneBefore'>,
): Promise<Difference | undefined> {
  for (const wait of [...WAITS_MS, undefined]) {
    // The row first: what it names is in the log when the log is read.
    const item = await statusItemOf(id, target);
    const log = await logOf(id, item && stateIn(item), target);
    const difference = differenceOf(id, item, join(seen, log.state), goneBefore);
    const isFresh = target.now() - Date.parse(log.handledAt) < FRESH_MS;
    if (wait === undefined || !isFresh || !difference || difference.kind === 'damaged') return difference;
    await sleep(wait);
  }
  return undefined;
}

/** All that the log has of a shipment; the events that its row names are read from the table itself. */
async function logOf(id: string, row: ShipmentState | undefined, target: Target) {
  let state: ShipmentState = {};
  let handledAt = '';
  const add = (event: LoggedEvent) => {
    state = join(state, stateOf(event));
    if (event.processed_at > handledAt) handledAt = event.processed_at;
  };
  for await (const event of loggedEventsOf(id, target)) add(event);
  const named = await Promise.all(eventsOf(row ?? {}).map((event) => loggedEvent(event, target)));
  for (const event of named) if (event?.shipment_id === id) add(event);
  return { state, handledAt };
}
