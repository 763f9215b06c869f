/** Simultaneous deliveries to built handlers, on the emulator's conditional writes. */
import type { Status } from '../../../contracts/statuses';
import type { Call, FaultPlan } from '../../../local/faults/fault-proxy';
import type { Row } from '../../../local/snapshot';
import { aShipmentEvent, onTheBus } from '../../support/builders/events';
import { type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import { observe } from '../../support/faults/invariants';
import { type Delivered, deliverTogether, type Lambda, REDRIVE_AFTER_MS } from '../../support/faults/lambda';

const WRITERS = 10;

/** A timeout that leaves the handler one second before it stops itself. */
const SHORT_TIMEOUT_MS = 4_000;

let faults: FaultStack;
let lambdas: Lambda[];

beforeAll(async () => {
  faults = await startFaultStack();
  lambdas = await Promise.all(Array.from({ length: WRITERS }, () => faults.lambda()));
  // Loads every handler: processes that are still loading would not race.
  await Promise.all(
    lambdas.map((lambda, index) => lambda.deliver('status-updater', update(`warm-${index}`, 'pending'))),
  );
}, 120_000);

const update = (id: string, status: Status) => ({
  id: `envelope-${id}`,
  ...onTheBus(aShipmentEvent({ shipment_id: id, event_id: id, status })),
});

/** Delivers the same event several times at once. A delivery that fails after all retries is redriven. */
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

/** Number of deliveries that notified. Messages are not counted, since on a busy machine the SDK may send one again after two seconds. */
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
  it.each([1, 2, 3])('notify once (round %i)', async (round) => {
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
    const diedAfterPublish = first?.calls.some(
      ({ index, act }) => act && first.calls[index - 1]?.label === 'sns Publish',
    );
    const notified = await notifiers(deliveries, id);
    if (diedAfterPublish) expect([1, 2]).toContain(notified);
    else expect(notified).toBe(1);
  });
});

it('a delivery that races the redrive of the same event notifies once with it', async () => {
  for (let round = 0; round < 3; round += 1) {
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

it('an attempt that reaches its deadline records that in time, and the last one announces it', async () => {
  const lambda = await faults.lambda(SHORT_TIMEOUT_MS);

  const { attempts } = await lambda.deliver('status-updater', update('deadline', 'delivered'), ({ label }) =>
    label.startsWith('dynamodb PutItem') ? 'no answer' : undefined,
  );

  expect(attempts.map(({ error }) => error?.name)).toEqual(Array(3).fill('DeadlineReached'));
  const { snapshot, announcements } = await observe(faults.stack);
  const ofEvent = ({ error_id }: Row) => String(error_id).endsWith('/envelope-deadline');
  expect(snapshot.errors.filter(ofEvent)).toMatchObject([{ attempts: 3, error_type: 'transient' }]);
  expect(announcements.filter(ofEvent)).toMatchObject([{ error_type: 'retries_exhausted' }]);
}, 30_000);
