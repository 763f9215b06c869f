/** Every call that the status publisher makes, with every fault injected: each change is on the bus in the end. */
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { functionName } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { ENVIRONMENT } from '../../../local/deploy';
import { type Fault, faultsOf } from '../../../local/faults/fault';
import type { Call, FaultPlan } from '../../../local/faults/fault-proxy';
import { messagesByQueue, takeSnapshot } from '../../../local/snapshot';
import { aShipmentEvent } from '../../support/builders/events';
import { aRow, aStreamRecord } from '../../support/builders/stream-records';
import { ANNOUNCEMENTS, type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import type { Lambda } from '../../support/faults/lambda';
import { sampled } from '../../support/sample';

/** Most of a try is waiting for the SDK's own pauses. */
const LANES = 6;

/** Attempts in which a lasting fault lasts. */
const LASTS = 3;

const KEY = 'status-publisher';

let faults: FaultStack;
const lambdas: Lambda[] = [];

beforeAll(async () => {
  faults = await startFaultStack();
  for (let lane = 0; lane < LANES; lane += 1) lambdas.push(await faults.lambda());
}, 120_000);

/** More than one call's changes, with a row among them that cannot be read. */
function batchOf(id: string): DynamoDBRecord[] {
  const changes = Array.from({ length: 12 }, (_, index) =>
    aStreamRecord(aRow(aShipmentEvent({ shipment_id: `${id}-${index}`, event_id: `${id}-e` }))),
  );
  return changes.with(4, {
    ...aStreamRecord({ shipment_id: `${id}-4`, status: 'none of ours' }),
    eventID: `${id}-lost`,
  });
}

/** Has a batch published as Lambda does: again from where the function says, as a whole when it threw or died. */
async function publish(lambda: Lambda, batch: readonly DynamoDBRecord[], plan?: FaultPlan): Promise<readonly Call[]> {
  lambda.beginDelivery((call, body) => (call.attempt < LASTS ? plan?.(call, body) : undefined));
  for (let Records = batch, attempt = 0; Records.length > 0; attempt += 1) {
    if (attempt > LASTS) throw new Error(`${Records.length} records are left after ${attempt} attempts`);
    const { result } = await lambda.attempt(KEY, { Records }, 0);
    if (!result) continue;
    const [failure] = (result as unknown as DynamoDBBatchResponse).batchItemFailures;
    const from = Records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failure?.itemIdentifier);
    Records = failure ? Records.slice(from) : [];
  }
  return lambda.calls;
}

const meets = (call: Parameters<FaultPlan>[0], first: Call, { act, span }: Fault) => {
  if (span === 'once') return call.index === first.index;
  if (act.startsWith('killed')) return call.indexInAttempt === first.indexInAttempt;
  return call.service === first.service && call.index >= first.index && (span === 'delivery' || call.attempt === 0);
};

/** What a batch has left undone, of those that were tried. */
async function missing(ids: readonly string[]): Promise<string[]> {
  const bodies = (await messagesByQueue(faults.stack.endpoint)).get(ANNOUNCEMENTS) ?? [];
  const events = bodies.map((body) => JSON.parse(body));
  const published = new Set(events.map(({ detail }) => detail.shipment_id));
  const failed = new Set((await takeSnapshot(faults.stack)).errors.map(({ error_id }) => error_id));
  return ids.flatMap((id) => [
    ...Array.from({ length: 12 }, (_, index) => `${id}-${index}`).filter((shipment) => !published.has(shipment)),
    ...(failed.has(`${inEnvironment(functionName(KEY), ENVIRONMENT)}/${id}-lost`) ? [] : [`the error row of ${id}`]),
  ]);
}

it('publishes each change at least once, and records what it cannot publish, whatever call fails', async () => {
  const [first] = lambdas;
  if (!first) throw new Error('no Lambda');
  const calls = await publish(first, batchOf('clean'));
  expect(await missing(['clean'])).toEqual([]);

  const points = calls.flatMap((call) => faultsOf(call.service).map((fault) => ({ call, fault })));
  expect(points.length).toBeGreaterThan(0);
  const waiting = [...sampled(points, 0.15)].map((point, index) => ({ ...point, id: `P${index}` }));
  const ids = waiting.map(({ id }) => id);
  await Promise.all(
    lambdas.map(async (lambda) => {
      for (let point = waiting.shift(); point; point = waiting.shift()) {
        const { id, call: at, fault } = point;
        await publish(lambda, batchOf(id), (call) => (meets(call, at, fault) ? fault.act : undefined));
      }
    }),
  );

  expect(await missing(ids)).toEqual([]);
}, 600_000);
