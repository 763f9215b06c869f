/** Simultaneous deliveries through built handlers, on the emulator's own conditional writes. */

import type { Call, FaultPlan } from '../../../local/faults/fault-proxy';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { rowByDesign } from '../../support/builders/design-order';
import { type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import { observe } from '../../support/faults/invariants';
import { type Delivered, deliverTogether, type Lambda, REDRIVE_AFTER_MS } from '../../support/faults/lambda';
import { eventOf, type Happening } from '../../support/properties/history';

const WRITERS = 10;

let faults: FaultStack;
let lambdas: Lambda[];

beforeAll(async () => {
  faults = await startFaultStack();
  lambdas = await Promise.all(Array.from({ length: WRITERS }, () => faults.lambda()));
  // Processes that are loading do not race.
  await Promise.all(
    lambdas.map((lambda, index) => lambda.deliver('status-updater', update(`warm-${index}`, 'pending'))),
  );
}, 120_000);

const update = (id: string, status: string, shipment = id, minute = 0) => {
  const time = new Date(Date.UTC(2026, 2, 2, 8, minute)).toISOString();
  return {
    id: `envelope-${id}`,
    source: 'logistics.shipment',
    'detail-type': 'Shipment Status Updated',
    time,
    detail: { shipment_id: shipment, status, event_id: id, occurred_at: time },
  };
};

/** The same event to several functions at once; one that fails after all retries is redriven. */
async function deliverAtOnce(writers: number, event: object, plan?: FaultPlan): Promise<Delivered[]> {
  const deliveries = await deliverTogether(
    'status-updater',
    lambdas.slice(0, writers).map((lambda, index) => ({ lambda, event, plan: index === 0 ? plan : undefined })),
  );
  for (const { accepted } of deliveries) {
    if (!accepted) await lambdas[0]?.deliver('status-updater', event, undefined, REDRIVE_AFTER_MS);
  }
  return deliveries;
}

/** How many of the deliveries notified. Their messages are not counted: on a busy machine the SDK sends one again that is not answered in two seconds. */
async function notifiers(deliveries: readonly (Delivered | undefined)[], eventId: string): Promise<number> {
  const { snapshot } = await observe(faults.stack);
  expect(snapshot.log.filter(({ event_id }) => event_id === eventId)).toEqual([
    expect.objectContaining({ notified_at: expect.any(String) }),
  ]);
  const messages = snapshot.notifications.processing.map(({ Message }) => JSON.parse(Message).event_id);
  expect(messages).toContain(eventId);
  return deliveries.filter((delivered) => delivered?.calls.some(publishes)).length;
}

const publishes = ({ label, effect }: Call) => label === 'sns Publish' && effect;

describe.each([2, WRITERS])('%i simultaneous deliveries of one event', (writers) => {
  it.each(Array.from({ length: 5 }, (_, round) => round))('notify once (round %i)', async (round) => {
    const id = `same-${writers}-${round}`;
    const deliveries = await deliverAtOnce(writers, update(id, 'delivered'));
    expect(deliveries.filter(({ accepted }) => accepted)).toHaveLength(writers);
    expect(await notifiers(deliveries, id)).toBe(1);
  });

  it.each([0, 1, 2, 3])('notify once when one dies before its call %i', async (dies) => {
    const id = `dies-${writers}-${dies}`;
    const diesThere: FaultPlan = ({ index }) => (index === dies ? 'killed before' : undefined);
    const deliveries = await deliverAtOnce(writers, update(id, 'delivered'), diesThere);
    const [first] = deliveries;
    const diedNotifying = first?.calls.some(({ index, act }) => act && first.calls[index - 1]?.label === 'sns Publish');
    const notified = await notifiers(deliveries, id);
    if (diedNotifying) expect([1, 2]).toContain(notified);
    else expect(notified).toBe(1);
  });
});

/** The event as it comes on the bus. */
const onTheBus = ({ event_id, shipment_id, status, timestamp, detail_type, reason }: ShipmentEvent) => {
  const { detail, ...envelope } = update(event_id, status, shipment_id);
  const occurred_at = new Date(timestamp).toISOString();
  return { ...envelope, 'detail-type': detail_type, detail: { ...detail, occurred_at, ...(reason && { reason }) } };
};

it.each([
  ['none', 0],
  ['three', 3],
])(
  'ten writers that race on one shipment, of which %s correct it, leave the row that the design wants',
  async (_, correcting) => {
    const statuses = [
      'pending',
      'in_transit',
      'failed',
      'in_transit',
      'out_for_delivery',
      'delivered',
      'returned',
    ] as const;
    for (let round = 0; round < 10; round += 1) {
      const shipment_id = `RACE-${correcting}-${round}`;
      const events = Array.from({ length: WRITERS }, (_, index): ShipmentEvent => {
        const happening: Happening = {
          shipment: round,
          // Each round another mixture, so that an open and a closed status win by turns.
          status: statuses[(index * (round + 1)) % (round % 2 ? statuses.length : 5)] ?? 'pending',
          minute: (index * 7 + round) % 4,
          corrects: index < correcting,
        };
        return { ...eventOf(happening, index), shipment_id, event_id: `${shipment_id}-${index}` };
      });

      const deliveries = await Promise.all(
        events.map((event, index) => lambdas[index]?.deliver('status-updater', onTheBus(event))),
      );

      expect(deliveries.map((delivered) => delivered?.accepted)).toEqual(Array.from({ length: WRITERS }, () => true));
      const { snapshot } = await observe(faults.stack);
      expect(snapshot.log.filter((row) => row['shipment_id'] === shipment_id)).toHaveLength(WRITERS);
      expect(snapshot.shipments.find((row) => row['shipment_id'] === shipment_id)).toEqual(rowByDesign(events));
    }
  },
  60_000,
);

it('a delivery that races the redrive of the same event has one effect with it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const id = `redriven-${round}`;
    const event = update(id, 'cancelled');
    const outage: FaultPlan = ({ service }) => (service === 'sns' ? 'answers 500' : undefined);
    expect((await lambdas[0]?.deliver('status-updater', event, outage))?.accepted).toBe(false);
    const [redriven, replayed] = await deliverTogether(
      'status-updater',
      lambdas.slice(1, 3).map((lambda) => ({ lambda, event })),
      REDRIVE_AFTER_MS,
    );
    expect([redriven?.accepted, replayed?.accepted]).toEqual([true, true]);
    expect(await notifiers([redriven, replayed], id)).toBe(1);
  }
}, 60_000);
