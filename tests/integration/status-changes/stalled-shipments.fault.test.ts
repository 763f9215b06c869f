/** Every call of a run that reports a stalled shipment, with every fault injected: it is reported in the end, and then never again. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Fault, faultsOf } from '../../../local/faults/fault';
import type { Call, FaultPlan } from '../../../local/faults/fault-proxy';
import { messagesByQueue, shipmentOf, takeSnapshot } from '../../../local/snapshot';
import { toAttributes } from '../../../src/adapters/attributes';
import { aShipmentEvent } from '../../support/builders/events';
import { aRow } from '../../support/builders/stream-records';
import { ANNOUNCEMENTS, type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import type { Lambda } from '../../support/faults/lambda';
import { sampled } from '../../support/sample';

const KEY = 'stalled-shipments';
const DAY_MS = 86_400_000;

/** Of the function. */
const TIMEOUT_MS = 60_000;

/** Lambda's attempts, and the next run of the schedule. */
const ATTEMPTS_AT = [0, 60_000, 180_000, 3_600_000];

let faults: FaultStack;
let lambda: Lambda;

beforeAll(async () => {
  faults = await startFaultStack();
  lambda = await faults.lambda(TIMEOUT_MS);
}, 120_000);

async function stall(shipment_id: string): Promise<void> {
  const { db, outputs } = faults.stack;
  const Item = toAttributes({ ...aRow(aShipmentEvent({ shipment_id, timestamp: Date.now() - 3.5 * DAY_MS })) });
  await db.send(new PutItemCommand({ TableName: outputs['ShipmentsTableName'], Item }));
}

/** Has a shipment reported, under a fault. */
async function report(shipment_id: string, plan?: FaultPlan): Promise<readonly Call[]> {
  await stall(shipment_id);
  lambda.beginDelivery(plan);
  for (const after of ATTEMPTS_AT) if ((await lambda.attempt(KEY, {}, after)).result) break;
  return lambda.calls;
}

/** Events and messages by shipment. */
async function reports(): Promise<ReadonlyMap<string, readonly [events: number, messages: number]>> {
  const bodies = (await messagesByQueue(faults.stack.endpoint)).get(ANNOUNCEMENTS) ?? [];
  const { notifications, shipments } = await takeSnapshot(faults.stack);
  const events = bodies.map((body) => JSON.parse(body).detail.shipment_id);
  const messages = notifications.processing.map(shipmentOf);
  const count = (of: readonly unknown[], id: unknown) => of.filter((each) => each === id).length;
  return new Map(
    shipments.map(({ shipment_id: id }) => [String(id), [count(events, id), count(messages, id)] as const]),
  );
}

/** As in the other crash points: the processes die at the same place, a service goes on failing. The statuses are read side by side: another service's call may stand there. */
const meets = (call: Parameters<FaultPlan>[0], first: Call, { act, span }: Fault) => {
  if (span === 'once') return call.index === first.index && call.service === first.service;
  if (act.startsWith('killed')) return call.attempt < 3 && call.indexInAttempt === first.indexInAttempt;
  return call.service === first.service && call.index >= first.index && call.attempt < (span === 'delivery' ? 3 : 1);
};

it('reports a stalled shipment at least once, whatever call fails, and once where none does', async () => {
  const calls = await report('clean');
  expect((await reports()).get('clean')).toEqual([1, 1]);

  const points = calls.flatMap((call) => faultsOf(call.service).map((fault) => ({ call, fault })));
  expect(points.length).toBeGreaterThan(0);
  const tried = sampled(points, 0.15);
  for (const [index, { call: at, fault }] of tried.entries())
    await report(`P${index}`, (call) => (meets(call, at, fault) ? fault.act : undefined));

  const before = await reports();
  const unreported = [...before].filter(([, [events, messages]]) => events === 0 || messages === 0);
  expect(unreported).toEqual([]);
  expect(before.size).toBe(tried.length + 1);

  lambda.beginDelivery();
  await lambda.attempt(KEY, {}, 0);
  expect(await reports()).toEqual(before);
}, 600_000);
