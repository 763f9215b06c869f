/** Random histories of shipments through the deployed stack. */
import fc from 'fast-check';
import { until } from '../../lib/until.mjs';
import { takeSnapshot } from '../../local/snapshot';
import type { EventFile, LocalStack } from '../../local/stack';
import type { ShipmentEvent } from '../../src/domain/shipment-event';
import { eventOf, history } from './properties/history';
import { EXHAUSTIVE, SEED } from './sample';

const HISTORIES = EXHAUSTIVE ? 40 : 12;

/** The emulator runs a process for each event under way. */
const AT_ONCE = 6;

export const onTheBus = (event: ShipmentEvent): EventFile => {
  const { shipment_id, status, event_id, timestamp, detail_type, reason, notify } = event;
  const identity = { shipment_id, event_id, occurred_at: new Date(timestamp).toISOString() };
  return {
    source: 'logistics.shipment',
    'detail-type': detail_type,
    time: '2026-03-02T12:00:00Z',
    detail: { ...identity, status, ...(reason && { reason }), ...(notify === false && { notify }) },
  };
};

/** Events of some histories, drawn by the seed, and their deliveries: shuffled, some twice. Ids are of one history. */
export function shuffledDay() {
  const drawn = fc.sample(history(false), { numRuns: HISTORIES, seed: SEED }).map(({ happenings, deliveries }, run) => {
    const events = happenings.map((happening, place) => {
      const event = eventOf(happening, place);
      return { ...event, event_id: `${run}-${event.event_id}`, shipment_id: `${run}-${event.shipment_id}` };
    });
    return { events, deliveries: deliveries.flatMap(({ of }) => events[of] ?? []) };
  });
  return {
    events: drawn.flatMap(({ events }) => events),
    deliveries: drawn.flatMap(({ deliveries }) => deliveries),
  };
}

/** Sends events, some at a time, and waits until all of them are in the log. */
export async function sendAll(events: readonly ShipmentEvent[], stack: LocalStack): Promise<void> {
  for (let at = 0; at < events.length; at += AT_ONCE) {
    const some = events.slice(at, at + AT_ONCE);
    await Promise.all(some.map((event) => stack.send(onTheBus(event))));
    await until(async () => {
      const known = new Set((await takeSnapshot(stack)).log.map(({ event_id }) => event_id));
      return some.every(({ event_id }) => known.has(event_id));
    });
  }
}
