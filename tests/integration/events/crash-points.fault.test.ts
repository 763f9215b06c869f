/** Every call that a handler makes with every fault: the event has its one effect in the end. */

import { type Fault, faultsOf } from '../../../local/faults/fault';
import type { Call, FaultPlan } from '../../../local/faults/fault-proxy';
import { EVENT_KINDS, type EventKind } from '../../support/faults/event-kinds';
import { type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import { broken, observe, type Try } from '../../support/faults/invariants';
import { type Lambda, REDRIVE_AFTER_MS } from '../../support/faults/lambda';
import { Matrix } from '../../support/faults/matrix';
import { sampled } from '../../support/sample';

/** Most of a try is waiting for the SDK's own pauses. */
const LANES = 6;

let faults: FaultStack;
const lambdas: Lambda[] = [];
const matrix = new Matrix();

beforeAll(async () => {
  faults = await startFaultStack();
  for (let lane = 0; lane < LANES; lane += 1) lambdas.push(await faults.lambda());
}, 120_000);

afterAll(() => matrix.print());

/** A call with one fault. */
interface Point {
  readonly call: Call;
  readonly fault: Fault;
}

let tries = 0;

/** Each try has a time of its own, retries and redrive included: alerts are counted by the minute. */
const APART_MS = 2 * REDRIVE_AFTER_MS;

async function tryAt(lambda: Lambda, kind: EventKind, point?: Point): Promise<Try> {
  tries += 1;
  const id = `T${tries}`;
  const at = tries * APART_MS;
  for (const earlier of kind.before(id)) {
    const created = earlier['detail-type'] === 'Shipment Created';
    const key = created ? 'shipment-processor' : kind.key === 'notification-handler' ? kind.key : 'status-updater';
    const { accepted } = await lambda.deliver(key, earlier, undefined, at);
    if (!accepted) throw new Error(`${kind.name}: what comes before it was not accepted`);
  }
  const plan: FaultPlan = (call, body) => (point && meets(call, point) ? point.fault.act : kind.fault?.(call, body));
  const delivered = await lambda.deliver(kind.key, kind.event(id), plan, at);
  const redriven = delivered.accepted
    ? undefined
    : await lambda.deliver(kind.key, kind.event(id), undefined, at + REDRIVE_AFTER_MS);
  return { kind, id, delivered, redriven };
}

/**
 * A killed process meets its end at the same place in each attempt; a service that fails goes on failing. On a slow machine a call may be made
 * again, and then another service's stands at its place.
 */
function meets(call: Parameters<FaultPlan>[0], { call: first, fault: { act, span } }: Point): boolean {
  if (span === 'once') return call.index === first.index && call.service === first.service;
  if (act.startsWith('killed')) return call.attempt >= first.attempt && call.indexInAttempt === first.indexInAttempt;
  const lasts = call.service === first.service && call.index >= first.index;
  return lasts && (span === 'delivery' || call.attempt === first.attempt);
}

describe.each(EVENT_KINDS.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  it('keeps every promise at every crash point', async () => {
    const [first] = lambdas;
    if (!first) throw new Error('no Lambda');
    const clean = await tryAt(first, kind);
    expect(broken(clean, await observe(faults.stack))).toEqual([]);

    // The calls that were really made are the crash points: a new call cannot be forgotten.
    const points = clean.delivered.calls.flatMap((call) => faultsOf(call.service).map((fault) => ({ call, fault })));
    expect(points.length).toBeGreaterThan(0);
    const waiting = [...sampled(points, 0.12)];
    const tried: { point: Point; result: Try }[] = [];
    await Promise.all(
      lambdas.map(async (lambda) => {
        for (let point = waiting.shift(); point; point = waiting.shift()) {
          tried.push({ point, result: await tryAt(lambda, kind, point) });
        }
      }),
    );

    const state = await observe(faults.stack);
    const failures = tried.flatMap(({ point: { call, fault }, result }) => {
      const wrong = broken(result, state);
      matrix.add(kind.name, fault.act, wrong.length === 0);
      return wrong.map((what) => `${call.index}: ${call.label}, ${fault.act}, ${fault.span}: ${what}`);
    });
    expect(failures).toEqual([]);
  }, 600_000);
});
