/** Every call that a function makes, with every fault, and simultaneous deliveries: in the end the event has its effect once. */

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { functionName } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { ENVIRONMENT } from '../../../local/deploy';
import { type Fault, faultsOf } from '../../../local/faults/fault';
import type { Call, FaultPlan } from '../../../local/faults/fault-proxy';
import { type Row, shipmentOf } from '../../../local/snapshot';
import { toAttributes } from '../../../src/adapters/attributes';
import { aShipmentEvent, onTheBus } from '../../support/builders/events';
import { aRow, aStreamRecord } from '../../support/builders/stream-records';
import { EVENT_KINDS, type EventKind } from '../../support/faults/event-kinds';
import { type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import { brokenPromises, observe, type Try } from '../../support/faults/invariants';
import { type Delivered, deliverTogether, type Lambda, REDRIVE_AFTER_MS } from '../../support/faults/lambda';
import { sampled } from '../../support/sample';

/** Number of concurrent tries, which mostly wait for the SDK's pauses. */
const LANES = 6;

/** Share of the crash points that a run draws; a workflow tries all of them each night. */
const SHARE = 0.05;

/** Attempts with a lasting fault; a redrive after them has none. */
const ATTEMPTS = 3;

let faults: FaultStack;
let lambdas: readonly Lambda[];
let tried = 0;

beforeAll(async () => {
  faults = await startFaultStack();
  lambdas = await Promise.all(Array.from({ length: LANES }, () => faults.lambda()));
}, 120_000);

afterAll(() => void process.stdout.write(`crash points: ${tried} tried\n`));

interface Point {
  readonly call: Call;
  readonly fault: Fault;
}

/**
 * True if the call gets the point's fault. A lasting kill hits the same call of each attempt, and other lasting faults hit every later call to the
 * service. The service is compared too, since on a slow machine repeated or concurrent calls may shift the numbers.
 */
function isFaulty(call: Parameters<FaultPlan>[0], { call: first, fault: { act, span } }: Point): boolean {
  if (span === 'once') return call.index === first.index && call.service === first.service;
  if (call.attempt >= ATTEMPTS) return false;
  if (act.startsWith('killed')) return call.attempt >= first.attempt && call.indexInAttempt === first.indexInAttempt;
  const lasts = call.service === first.service && call.index >= first.index;
  return lasts && (span === 'delivery' || call.attempt === first.attempt);
}

const planOf =
  (point: Point | undefined, otherPlan?: FaultPlan): FaultPlan =>
  (call, body) =>
    point && isFaulty(call, point) ? point.fault.act : otherPlan?.(call, body);

/** Tries a share of the faults of these calls. They were recorded from a run without a fault, so that none can be forgotten. */
async function tryFaults(
  calls: readonly Call[],
  lanes: readonly Lambda[],
  attempt: (lambda: Lambda, point: Point, index: number) => Promise<unknown>,
): Promise<readonly Point[]> {
  const points = calls.flatMap((call) => faultsOf(call.service).map((fault) => ({ call, fault })));
  expect(points.length).toBeGreaterThan(0);
  const drawn = sampled(points, SHARE);
  tried += drawn.length;
  const waiting = drawn.entries();
  await Promise.all(
    lanes.map(async (lambda) => {
      for (const [index, point] of waiting) await attempt(lambda, point, index);
    }),
  );
  return drawn;
}

describe('an event', () => {
  let tries = 0;

  /** Distance in time between tries, which includes retries and redrive: alerts are counted by the minute. */
  const APART_MS = 2 * REDRIVE_AFTER_MS;

  async function tryAt(lambda: Lambda, kind: EventKind, point?: Point): Promise<Try> {
    tries += 1;
    const id = `T${tries}`;
    const at = tries * APART_MS;
    for (const earlier of kind.before(id)) {
      const created = earlier['detail-type'] === 'Shipment Created';
      const { accepted } = await lambda.deliver(created ? 'shipment-processor' : kind.key, earlier, undefined, at);
      if (!accepted) throw new Error(`${kind.name}: an event before it was not accepted`);
    }
    const deliveries = [await lambda.deliver(kind.key, kind.event(id), planOf(point, kind.fault), at)];
    if (!deliveries[0]?.accepted)
      deliveries.push(await lambda.deliver(kind.key, kind.event(id), undefined, at + REDRIVE_AFTER_MS));
    return { kind, id, deliveries };
  }

  it.each(EVENT_KINDS.map((kind) => [kind.name, kind] as const))(
    '%s: keeps every promise under each fault',
    async (_, kind) => {
      const [first] = lambdas as [Lambda];
      const clean = await tryAt(first, kind);
      expect(brokenPromises(clean, await observe(faults.stack))).toEqual([]);

      const results: { point: Point; result: Try }[] = [];
      await tryFaults(clean.deliveries[0]?.calls ?? [], lambdas, async (lambda, point) =>
        results.push({ point, result: await tryAt(lambda, kind, point) }),
      );

      const state = await observe(faults.stack);
      const failures = results.flatMap(({ point: { call, fault }, result }) =>
        brokenPromises(result, state).map(
          (problem) => `${call.index}: ${call.label}, ${fault.act}, ${fault.span}: ${problem}`,
        ),
      );
      expect(failures).toEqual([]);
    },
    600_000,
  );
});

describe('an event that notifies', () => {
  const delivered = (id: string) => ({
    id: `envelope-${id}`,
    ...onTheBus(aShipmentEvent({ shipment_id: id, event_id: id, status: 'delivered' })),
  });

  const publishes = ({ label, effect }: Call) => label === 'sns Publish' && effect;

  /** Checks that the event has one row, and that one of its deliveries notified. The SDK may send a message again after two seconds. */
  async function expectNotifiedOnce(id: string, deliveries: readonly Delivered[]) {
    expect(deliveries.map(({ accepted }) => accepted)).toEqual(deliveries.map(() => true));
    const { log } = (await observe(faults.stack)).snapshot;
    expect(log.filter(({ event_id }) => event_id === id)).toMatchObject([{ notified_at: expect.any(String) }]);
    expect(deliveries.filter(({ calls }) => calls.some(publishes))).toHaveLength(1);
  }

  it.each([2, LANES])(
    'is notified once by %i simultaneous deliveries',
    async (count) => {
      for (let round = 0; round < 3; round += 1) {
        const id = `same-${count}-${round}`;
        const same = lambdas.slice(0, count).map((lambda) => ({ lambda, event: delivered(id) }));
        await expectNotifiedOnce(id, await deliverTogether('status-updater', same));
      }
    },
    60_000,
  );

  it('is notified once by its redrive and a delivery at the same time', async () => {
    const [first, ...others] = lambdas as [Lambda, Lambda, Lambda];
    const event = delivered('redriven');
    const outage: FaultPlan = ({ service }) => (service === 'sns' ? 'answers 500' : undefined);
    expect((await first.deliver('status-updater', event, outage)).accepted).toBe(false);

    const both = others.slice(0, 2).map((lambda) => ({ lambda, event }));
    await expectNotifiedOnce('redriven', await deliverTogether('status-updater', both, REDRIVE_AFTER_MS));
  }, 60_000);

  it('has each attempt that reaches its deadline recorded in time, and the last one announced', async () => {
    // Leaves the handler one second before it stops itself.
    const lambda = await faults.lambda(4_000);

    const { attempts } = await lambda.deliver('status-updater', delivered('deadline'), ({ label }) =>
      label.startsWith('dynamodb PutItem') ? 'no answer' : undefined,
    );

    expect(attempts.map(({ error }) => error?.name)).toEqual(Array(3).fill('DeadlineReached'));
    const { snapshot, announcements } = await observe(faults.stack);
    const ofEvent = ({ error_id }: Row) => String(error_id).endsWith('/envelope-deadline');
    expect(snapshot.errors.filter(ofEvent)).toMatchObject([{ attempts: 3, error_type: 'transient' }]);
    expect(announcements.filter(ofEvent)).toMatchObject([{ error_type: 'retries_exhausted' }]);
  }, 30_000);
});

describe('a batch of status changes', () => {
  const KEY = 'status-publisher';

  /** More changes than fit into one call, with one row that cannot be parsed. */
  function batchOf(id: string): DynamoDBRecord[] {
    const changes = Array.from({ length: 12 }, (_, index) =>
      aStreamRecord(aRow(aShipmentEvent({ shipment_id: `${id}-${index}`, event_id: `${id}-e` }))),
    );
    return changes.with(4, {
      ...aStreamRecord({ shipment_id: `${id}-4`, status: 'none of ours' }),
      eventID: `${id}-lost`,
    });
  }

  /** Delivers a batch as Lambda does: again from the reported failure on, or as a whole if the function failed. */
  async function publish(lambda: Lambda, batch: readonly DynamoDBRecord[], point?: Point): Promise<readonly Call[]> {
    lambda.beginDelivery(planOf(point));
    for (let Records = batch, attempt = 0; Records.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS) throw new Error(`${Records.length} records are not published after ${attempt} attempts`);
      const { result } = await lambda.attempt(KEY, { Records }, 0);
      if (!result) continue;
      const [failure] = (result as unknown as DynamoDBBatchResponse).batchItemFailures;
      const from = Records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failure?.itemIdentifier);
      Records = failure ? Records.slice(from) : [];
    }
    return lambda.calls;
  }

  /** Changes of these batches that were not published, and error rows that were not written. */
  async function missing(ids: readonly string[]): Promise<string[]> {
    const { announcements, snapshot } = await observe(faults.stack);
    const published = new Set(announcements.map(({ shipment_id }) => shipment_id));
    const failed = new Set(snapshot.errors.map(({ error_id }) => error_id));
    return ids.flatMap((id) => [
      ...Array.from({ length: 12 }, (_, index) => `${id}-${index}`).filter((shipment) => !published.has(shipment)),
      ...(failed.has(`${inEnvironment(functionName(KEY), ENVIRONMENT)}/${id}-lost`) ? [] : [`the error row of ${id}`]),
    ]);
  }

  it('is published at least once under each fault, and a change that cannot be published is recorded', async () => {
    const [first] = lambdas as [Lambda];
    const calls = await publish(first, batchOf('clean'));
    expect(await missing(['clean'])).toEqual([]);

    const points = await tryFaults(calls, lambdas, (lambda, point, index) =>
      publish(lambda, batchOf(`P${index}`), point),
    );

    expect(await missing([...points.keys()].map((index) => `P${index}`))).toEqual([]);
  }, 600_000);
});

describe('a stalled shipment', () => {
  const KEY = 'stalled-shipments';

  const TIMEOUT_MS = 60_000;

  /** Milliseconds to each of Lambda's attempts, and to the next run of the schedule. */
  const ATTEMPTS_AT = [0, 60_000, 180_000, 3_600_000];

  /** Puts a stalled shipment, and runs the function until it succeeds. */
  async function report(lambda: Lambda, shipment_id: string, point?: Point): Promise<readonly Call[]> {
    const timestamp = Date.now() - 1.5 * 86_400_000;
    const Item = toAttributes({ ...aRow(aShipmentEvent({ shipment_id, timestamp })) });
    const TableName = faults.stack.outputs['ShipmentsTableName'];
    await faults.stack.db.send(new PutItemCommand({ TableName, Item }));
    lambda.beginDelivery(planOf(point));
    for (const after of ATTEMPTS_AT) if ((await lambda.attempt(KEY, {}, after)).result) break;
    return lambda.calls;
  }

  /** Number of events and messages about each of these shipments. */
  async function reports(ids: readonly string[]) {
    const { announcements, snapshot } = await observe(faults.stack);
    const events = announcements.map(({ shipment_id }) => shipment_id);
    const messages = snapshot.notifications.processing.map(shipmentOf);
    const count = (of: readonly unknown[], id: string) => of.filter((found) => found === id).length;
    return ids.map((id) => ({ id, events: count(events, id), messages: count(messages, id) }));
  }

  it('is reported at least once under each fault, exactly once without, and not again later', async () => {
    const lambda = await faults.lambda(TIMEOUT_MS);
    const calls = await report(lambda, 'stalled');
    expect(await reports(['stalled'])).toEqual([{ id: 'stalled', events: 1, messages: 1 }]);

    // One lane only: a run reports every shipment that has stalled.
    const points = await tryFaults(calls, [lambda], (_, point, index) => report(lambda, `stalled-${index}`, point));

    const ids = ['stalled', ...[...points.keys()].map((index) => `stalled-${index}`)];
    const before = await reports(ids);
    expect(before.filter(({ events, messages }) => events === 0 || messages === 0)).toEqual([]);

    lambda.beginDelivery();
    await lambda.attempt(KEY, {}, 0);
    expect(await reports(ids)).toEqual(before);
  }, 600_000);
});
