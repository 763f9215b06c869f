/** Where an event ends that cannot be handled, through built handlers: its row, its announcement, its notification. */
import { functionName } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { ENVIRONMENT } from '../../../local/deploy';
import type { Row } from '../../../local/snapshot';
import { type FaultStack, startFaultStack } from '../../support/faults/fault-stack';
import { observe } from '../../support/faults/invariants';
import type { Lambda } from '../../support/faults/lambda';

/** A second before the handler stops itself. */
const SHORT_TIMEOUT_MS = 4_000;

const UPDATER = inEnvironment(functionName('status-updater'), ENVIRONMENT);

let faults: FaultStack;
let lambda: Lambda;

beforeAll(async () => {
  faults = await startFaultStack();
  lambda = await faults.lambda();
}, 120_000);

const update = (id: string, detail: object = {}) => ({
  id,
  source: 'logistics.shipment',
  'detail-type': 'Shipment Status Updated',
  time: '2026-03-02T08:00:00Z',
  detail: { shipment_id: `SHP-${id}`, status: 'delivered', ...detail },
});

const errorEvent = (id: string, detail: object) => ({
  id,
  source: 'logistics.error',
  'detail-type': 'Processing Error',
  time: '2026-03-02T08:00:00Z',
  detail: { error_type: 'rejected', error_message: `something about ${id}`, ...detail },
});

async function endOf(id: string): Promise<{ row: Row | undefined; announced: readonly unknown[] }> {
  const { snapshot, announcements } = await observe(faults.stack);
  const ends = ({ error_id }: Row) => String(error_id).endsWith(`/${id}`);
  return { row: snapshot.errors.find(ends), announced: announcements.filter(ends).map(({ error_type }) => error_type) };
}

describe('an attempt', () => {
  it('that reaches its deadline stops in time to record it, and is announced when all of them have', async () => {
    const hurried = await faults.lambda(SHORT_TIMEOUT_MS);
    const { attempts } = await hurried.deliver('status-updater', update('deadline'), ({ label }) =>
      label.startsWith('dynamodb PutItem') ? 'no answer' : undefined,
    );
    expect(attempts.map(({ error }) => error?.name)).toEqual(['DeadlineReached', 'DeadlineReached', 'DeadlineReached']);
    expect(await endOf('deadline')).toMatchObject({
      row: { attempts: 3, error_type: 'transient', error_message: expect.stringMatching(/^DeadlineReached: /) },
      announced: ['retries_exhausted'],
    });
  }, 30_000);

  it('that is killed outright leaves no row: the event goes to its queue all the same', async () => {
    const { attempts, accepted } = await lambda.deliver('status-updater', update('killed'), () => 'killed before');
    expect(attempts.map(({ killed }) => killed)).toEqual([true, true, true]);
    expect(accepted).toBe(false);
    expect(await endOf('killed')).toEqual({ row: undefined, announced: [] });
  }, 30_000);
});

it('an event larger than an error row may be is cut on it, with a mark, and its failure is announced', async () => {
  const metadata = { carrier: 'NordFreight', note: 'é'.repeat(100_000) };
  await lambda.deliver('status-updater', update('oversize', { status: 'teleported', metadata }));
  const { row, announced } = await endOf('oversize');
  expect(Buffer.byteLength(String(row?.['event']))).toBeLessThanOrEqual(64 * 1_024);
  expect(row?.['event']).toMatch(/é… \[cut: 2\d{5} bytes in all\]$/);
  expect(announced).toEqual(['rejected']);
});

describe('an error event that names a row', () => {
  it.each([
    ['of another environment', { function_name: 'logistics-status-updater-prod' }],
    ['of another function than it says it is', { function_name: 'logistics-shipment-processor-dev' }],
    ['of no function', {}],
    ['without the time that is part of its key', { function_name: UPDATER, error_timestamp: 'then' }],
  ])('%s is recorded on a row of its own', async (what, detail) => {
    const id = what.replaceAll(' ', '-');
    const event = errorEvent(id, { error_id: `${UPDATER}/victim`, error_timestamp: 7, ...detail });
    const { accepted } = await lambda.deliver('notification-handler', event);
    const { snapshot } = await observe(faults.stack);
    expect(accepted).toBe(true);
    expect(snapshot.errors.filter(({ error_id }) => String(error_id).endsWith('/victim'))).toEqual([]);
    expect(snapshot.errors.filter(({ error_id }) => error_id === `external/${id}`)).toHaveLength(1);
  });
});

it('an error event of a producer that names a row of ours leaves it as it is', async () => {
  await lambda.deliver('status-updater', update('named', { status: 'teleported' }));
  const { row: before } = await endOf('named');
  const named = {
    function_name: UPDATER,
    error_id: `${UPDATER}/named`,
    error_timestamp: Number(before?.['timestamp']),
  };

  await lambda.deliver('notification-handler', errorEvent('forged', named));

  const { snapshot } = await observe(faults.stack);
  expect(snapshot.errors.find(({ error_id }) => error_id === named.error_id)).toEqual(before);
  expect(snapshot.errors.filter(({ error_id }) => error_id === 'external/forged')).toHaveLength(1);
});

it('an error event that cannot be handled makes no error event, and is recorded', async () => {
  const { attempts, calls } = await lambda.deliver(
    'notification-handler',
    errorEvent('no-message', { error_message: 7 }),
  );
  expect(attempts.map(({ error }) => error?.message)).toEqual(Array(3).fill('detail.error_message must be a string'));
  expect(calls.filter(({ service }) => service === 'events')).toEqual([]);
  expect(await endOf('no-message')).toMatchObject({ row: { attempts: 3, error_type: 'rejected' }, announced: [] });
});
