import { startPage } from '../../../demo/page/page';
import type { PageServer } from '../../../demo/page/server';
import type { Outcome, Shuffled } from '../../../demo/page/shuffle/shuffle';
import type { PageState } from '../../../demo/page/state';
import { until } from '../../../lib/until.mjs';
import { FaultProxy } from '../../../local/faults/fault-proxy';
import { killableFunctions } from '../../../local/faults/killable-functions';
import { stopAfterTests } from '../../support/after-tests';
import { startStack } from '../../support/stack';

let page: PageServer;

beforeAll(async () => {
  const proxy = new FaultProxy();
  stopAfterTests(async () => proxy.close());
  const stack = await startStack(killableFunctions(await proxy.listen()));
  proxy.forwardTo(stack.endpoint);
  page = await startPage(stack, proxy);
  stopAfterTests(page.close);
}, 240_000);

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const [origin, key = ''] = page.url.split('/#');
  return fetch(`${origin}${path}`, { ...init, headers: { 'x-page-key': key } });
}

async function post<T>(path: string, body: unknown): Promise<{ status: number; answer: T }> {
  const response = await ask(path, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, answer: (await response.json()) as T };
}

const state = async (shipment = ''): Promise<PageState> =>
  (await ask(`/api/state?shipment=${shipment}`)).json() as Promise<PageState>;

/** The first state that meets the condition, or the last one when the time is up. */
async function eventually(shipment: string, condition: (state: PageState) => boolean): Promise<PageState> {
  const whenMet = async () => {
    const current = await state(shipment);
    return condition(current) && current;
  };
  return until(whenMet, 20_000, { otherwise: () => state(shipment) });
}

const places = ({ attempts }: Outcome, outcome: string) =>
  attempts.filter((attempt) => attempt.outcome === outcome).map(({ place }) => place);

describe('shuffle', () => {
  it('leaves the same rows as delivery in order, although the last write would be wrong', async () => {
    const { status, answer } = await post<Shuffled>('/api/shuffle', {});

    expect(status).toBe(200);
    expect(answer).toMatchObject({ shipment: 'SHUFFLE-1', differences: [] });
    const { inOrder, shuffled } = answer;
    // In order: every attempt is new, and the last write is right.
    expect(inOrder.attempts.map(({ place }) => place)).toEqual([...answer.day.keys()]);
    expect(places(inOrder, 'new row')).toEqual([...answer.day.keys()]);
    expect(inOrder.lastWrite).toBe('delivered');
    // Shuffled: backwards, some twice, one killed and retried by Lambda.
    expect(places(shuffled, 'killed')).toHaveLength(1);
    expect(places(shuffled, 'retried')).toEqual(places(shuffled, 'killed'));
    expect(places(shuffled, 'duplicate').length).toBeGreaterThan(2);
    expect(shuffled.attempts[0]?.place).toBe(answer.day.length - 1);
    expect(shuffled.current).toMatchObject({ shipment_id: 'SHUFFLE-1', status: 'delivered' });
    expect(shuffled.log).toHaveLength(answer.day.length);
    const notified = shuffled.notified.map((id) => shuffled.log.find(({ event_id }) => event_id === id)?.['status']);
    expect(notified.sort()).toEqual(['delivered', 'failed']);
    expect(shuffled.lastWrite).not.toBe('delivered');
  }, 60_000);

  it('leaves the same rows of another shipment with a correction among the events, and refuses a second run meanwhile', async () => {
    const [{ answer }, meanwhile] = await Promise.all([
      post<Shuffled>('/api/shuffle', { correction: true }),
      post('/api/shuffle', {}),
    ]);

    expect(meanwhile).toEqual({ status: 409, answer: { error: 'a shuffle is under way: wait for it' } });
    expect(answer).toMatchObject({ shipment: 'SHUFFLE-2', differences: [] });
    expect(answer.day.filter(({ corrects }) => corrects)).toHaveLength(1);
    expect(answer.shuffled.current).toMatchObject({
      status: 'delivered',
      version: expect.stringMatching(/^2#/),
      last_correction: expect.any(String),
    });
    expect(answer.shuffled.notified).toHaveLength(4);
    expect(answer.shuffled.lastWrite).not.toBe('delivered');
    const { track } = await state(answer.shipment);
    const { events = [] } = track ?? {};
    expect(events.map(({ counts }) => counts)).toEqual([false, false, false, ...Array(6).fill(true)]);
    expect(events[3]).toMatchObject({ status: 'in_transit', reason: 'The scan belongs to another parcel' });
  }, 60_000);
});

it('the page’s data show an event that the form sent, and the rejection of one that it refused and was sent anyway', async () => {
  const kind = 'Shipment Status Updated';
  const invalid = { kind, detail: { shipment_id: 'SHP-BAD', status: 'teleported' } };
  expect(await post('/api/events', { kind, detail: { shipment_id: 'SHP-PAGE', status: 'returned' } })).toMatchObject({
    status: 200,
  });
  const refused = await post<{ error: string }>('/api/events', invalid);
  expect(refused).toEqual({ status: 422, answer: { error: expect.stringMatching(/^detail\.status must be one of/) } });
  await post('/api/events', { ...invalid, anyway: true });

  const isDone = ({ track, queues }: PageState) =>
    queues.some(({ waiting }) => waiting > 0) && Boolean(track?.events.some(({ notified_at }) => notified_at));
  const seen = await eventually('SHP-PAGE', isDone);
  expect(seen).toMatchObject({
    track: { status: 'returned', events: [{ current: true, late: false, notified_at: expect.any(String) }] },
    shipments: expect.arrayContaining([{ id: 'SHP-PAGE', shown: 'SHP-PAGE', status: 'returned' }]),
    notified: expect.arrayContaining([{ topic: 'processing', subject: expect.stringContaining('SHP-PAGE'), times: 1 }]),
    errors: [{ type: 'rejected', shipment: 'SHP-BAD', attempts: 3, message: refused.answer.error }],
    queues: expect.arrayContaining([{ name: 'logistics-status-updater-dlq', waiting: 1 }]),
  });
  expect(seen.counts['ShipmentEventsTable']).toBeGreaterThan(0);
  expect(seen.counts['EventBus']).toBeGreaterThanOrEqual(seen.counts['ShipmentEventsTable'] ?? 0);
}, 60_000);
