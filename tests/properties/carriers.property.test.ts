/** Histories of carriers, reported in webhooks that arrive in any order, twice, or not at all. */
import fc from 'fast-check';
import { CARRIERS, type CarrierName } from '../../carriers/carriers';
import { currentOf, join, type ShipmentState, stateOf } from '../../src/domain/shipment-state';
import { PLATFORMS, type WrittenScan } from '../support/builders/webhooks';

const WORDS: Readonly<Record<CarrierName, readonly string[]>> = {
  easypost: ['pre_transit', 'in_transit', 'out_for_delivery', 'failure', 'return_to_sender', 'delivered'],
  shippo: ['PRE_TRANSIT', 'TRANSIT', 'FAILURE', 'RETURNED', 'DELIVERED'],
  aftership: ['InfoReceived', 'InTransit', 'OutForDelivery', 'AttemptFail', 'Exception', 'Delivered'],
};

const SETTINGS = { timeZone: 'America/New_York', now: Date.UTC(2026, 11, 31) };

/** Few local times around the end of daylight saving time, so that scans have equal times. */
const time = fc
  .integer({ min: 0, max: 40 })
  .map((step) => new Date(Date.UTC(2026, 10, 1) + step * 900_000).toISOString().slice(0, 19));

const historyOf = (name: CarrierName): fc.Arbitrary<WrittenScan[]> =>
  fc.array(fc.record({ word: fc.constantFrom(...WORDS[name]), time }), { minLength: 1, maxLength: 10 });

/** Ids of the events of the webhooks, and the current one. Events with the same id must be the same. */
function record(name: CarrierName, webhooks: readonly (readonly WrittenScan[])[]) {
  const log = new Map<string, string>();
  let state: ShipmentState = {};
  for (const scans of webhooks) {
    for (const { detail } of CARRIERS[name].toEvents(PLATFORMS[name].webhook('1Z', scans), SETTINGS).events) {
      const known = log.get(detail.event_id);
      expect(known ?? JSON.stringify(detail)).toBe(JSON.stringify(detail));
      log.set(detail.event_id, JSON.stringify(detail));
      const { status, event_id, occurred_at } = detail;
      const event = { status, event_id, timestamp: Date.parse(occurred_at), detail_type: 'Shipment Status Updated' };
      state = join(state, stateOf(event));
    }
  }
  return { log: [...log.keys()].sort(), current: currentOf(state) };
}

it.each(Object.keys(CARRIERS) as CarrierName[])('webhooks of %s end in the events of the whole history', (name) => {
  const reported = historyOf(name).chain((history) =>
    fc.record({ history: fc.constant(history), webhooks: fc.array(fc.shuffledSubarray(history), { maxLength: 6 }) }),
  );
  fc.assert(
    fc.property(reported, fc.nat(), ({ history, webhooks }, place) => {
      const arrived = [...webhooks, ...webhooks];
      // One webhook, at any place, has the whole history.
      arrived.splice(place % (arrived.length + 1), 0, history);

      expect(record(name, arrived)).toEqual(record(name, [history]));
    }),
  );
});
