import { setTimeout as sleep } from 'node:timers/promises';
import { loggedEvent, loggedEventsOf, statusItemOf } from '../../publisher/shipment-records';
import type { LoggedEvent } from '../../publisher/shipment-rows';
import { join, type ShipmentState, stateOf } from '../../src/domain/shipment-state';
import type { Target } from '../target/target';
import { type Difference, differenceOf, eventsOf, stateIn } from './difference';
import type { ComparePorts } from './sweep';

/** A function writes the status row moments after the log row, so a difference may disappear for this long after an event was handled. */
const FRESH_MS = 10_000;
const WAITS_MS = [250, 500, 1_000, 2_000];

/**
 * Compares a shipment's row with its whole log. Repeats the comparison while a function may still write the row.
 * @param seen state of events known to be in the log, whose index is eventually consistent
 */
export async function examine(
  id: string,
  seen: ShipmentState,
  { target, goneBefore }: Pick<ComparePorts, 'target' | 'goneBefore'>,
): Promise<Difference | undefined> {
  for (const wait of [...WAITS_MS, undefined]) {
    // The row first, so that the events that it names are in the log by the time that the log is read.
    const item = await statusItemOf(id, target);
    const log = await logOf(id, item && stateIn(item), target);
    const difference = differenceOf(id, item, join(seen, log.state), goneBefore);
    const isFresh = target.now() - Date.parse(log.handledAt) < FRESH_MS;
    if (wait === undefined || !isFresh || !difference || difference.kind === 'damaged') return difference;
    await sleep(wait);
  }
  return undefined;
}

/** State of a shipment's log. Reads the events that its row names from the table, the others from the index. */
async function logOf(id: string, row: ShipmentState | undefined, target: Target) {
  let state: ShipmentState = {};
  let handledAt = '';
  const add = (event: LoggedEvent) => {
    state = join(state, stateOf(event));
    if (event.processed_at > handledAt) handledAt = event.processed_at;
  };
  for await (const event of loggedEventsOf(id, target)) add(event);
  const eventsOfRow = await Promise.all(eventsOf(row ?? {}).map((event) => loggedEvent(event, target)));
  for (const event of eventsOfRow) if (event?.shipment_id === id) add(event);
  return { state, handledAt };
}
