/** The operator's commands on a deployed stack, and `redrive` killed at every one of its calls. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventFunctionKey } from '../../../contracts/functions';
import { until } from '../../../lib/until.mjs';
import { ENVIRONMENT } from '../../../local/deploy';
import type { Act } from '../../../local/faults/fault';
import { FaultProxy } from '../../../local/faults/fault-proxy';
import { messagesByQueue, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { afterRetries, putIntoQueue, queueOf } from '../../support/failed-events';
import { logistics } from '../../support/operator';
import { sampled } from '../../support/sample';
import { startStack } from '../../support/stack';

/** The queues of these two can be worked on at the same time. */
const KEYS = ['shipment-processor', 'status-updater'] as const;

const ACTS: readonly Act[] = ['killed before', 'killed after', 'request lost', 'response lost', 'answers 500'];

/** As long as a killed command keeps what it had received. */
const HOLD_MS = 61_000;

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

const eventOf = (id: string, key: EventFunctionKey, status = 'delivered') => ({
  version: '0',
  id: `envelope-${id}`,
  source: 'logistics.shipment',
  'detail-type': key === 'shipment-processor' ? 'Shipment Created' : 'Shipment Status Updated',
  time: '2026-03-02T08:00:00Z',
  detail: { shipment_id: `SHP-${id}`, status, event_id: id, occurred_at: '2026-03-02T08:00:00Z' },
});

/** Puts a message into a dead-letter queue as AWS would, by either route. */
async function fail(key: EventFunctionKey, event: object, route: 'retries exhausted' | 'undeliverable'): Promise<void> {
  await putIntoQueue(stack, queueOf(key), route === 'retries exhausted' ? afterRetries(event) : event);
}

const waiting = async (key: EventFunctionKey) => (await messagesByQueue(stack.endpoint)).get(queueOf(key)) ?? [];

const rows = (stdout: string): Record<string, string>[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('redrive', () => {
  it('shows what it would do and leaves every message where it is', async () => {
    await fail('status-updater', eventOf('dry-1', 'status-updater'), 'retries exhausted');
    await fail('status-updater', eventOf('dry-2', 'status-updater'), 'undeliverable');
    for (let run = 0; run < 2; run += 1) {
      const { code, stdout, stderr } = await logistics(stack.endpoint, [
        'redrive',
        'status-updater',
        '--dry-run',
        '--json',
      ]);
      expect(stderr).toContain(
        `account 000000000000, region us-east-1, function logistics-status-updater-${ENVIRONMENT}`,
      );
      expect(code).toBe(0);
      expect(rows(stdout).map(({ shipment, failed, outcome }) => [shipment, failed, outcome])).toEqual([
        ['SHP-dry-1', 'retries exhausted, transient', 'would be redriven'],
        ['SHP-dry-2', 'undeliverable, transient', 'would be redriven'],
      ]);
    }
    expect(await waiting('status-updater')).toHaveLength(2);
  }, 60_000);

  it('takes at most --max, then the rest', async () => {
    const { stderr } = await logistics(stack.endpoint, ['redrive', 'status-updater', '--max', '1']);
    expect(stderr).toContain('1 redriven');
    expect(await waiting('status-updater')).toHaveLength(1);
    await logistics(stack.endpoint, ['redrive', 'status-updater']);
    expect(await waiting('status-updater')).toHaveLength(0);
    await until(async () => {
      const { shipments } = await takeSnapshot(stack);
      return ['SHP-dry-1', 'SHP-dry-2'].every((id) => shipments.some(({ shipment_id }) => shipment_id === id));
    });
  }, 60_000);

  it('leaves rejected events, says what to do with them, and leaves a message that it does not understand', async () => {
    const envelopeId = await stack.send(eventOf('poison', 'status-updater', 'teleported'));
    await until(async () => (await waiting('status-updater')).some((body) => body.includes(envelopeId)));
    await fail('status-updater', { hello: 'world' }, 'undeliverable');
    const { code, stdout, stderr } = await logistics(stack.endpoint, ['redrive', 'status-updater', '--json']);
    expect(stderr).toContain('left because they would fail again: 1 rejected. Their producer sends them again, fixed');
    expect(
      rows(stdout)
        .map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['left', 'not understood']);
    expect(code).toBe(1);
    expect(await waiting('status-updater')).toHaveLength(2);
  }, 60_000);
});

describe('discard', () => {
  it('takes a message out for good and keeps the reason', async () => {
    const { stdout } = await logistics(stack.endpoint, ['redrive', 'status-updater', '--dry-run', '--json']);
    const poison = rows(stdout).find(({ failed }) => failed?.endsWith('rejected'));
    const args = ['discard', poison?.['message'] ?? '', '--reason', 'a test of the carrier', '--json'];
    const discarded = await logistics(stack.endpoint, args);
    expect(discarded.code).toBe(0);
    const [{ error_id } = {}] = rows(discarded.stdout);
    const { errors } = await takeSnapshot(stack);
    expect(errors.find((row) => row['error_id'] === error_id)).toMatchObject({
      error_type: 'rejected',
      attempts: 3,
      discard_reason: 'a test of the carrier',
      discarded_at: expect.any(String),
    });
    expect(await waiting('status-updater')).toHaveLength(1);
    const again = await logistics(stack.endpoint, args);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('no queue has a message') });
  }, 60_000);

  it('asks for a reason', async () => {
    expect(await logistics(stack.endpoint, ['discard', 'm'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("required option '--reason <text>' not specified"),
    });
  });
});

describe('replay', () => {
  it('of a whole span, twice, changes no row and notifies no subscriber', async () => {
    const key = 'status-updater';
    for (const id of ['replay-1', 'replay-2']) await stack.send({ ...eventOf(id, key), time: '2026-04-01T10:00:00Z' });
    const isTold = (snapshot: Awaited<ReturnType<typeof takeSnapshot>>) =>
      snapshot.log.filter(({ event_id, notified_at }) => String(event_id).startsWith('replay-') && notified_at)
        .length === 2;
    await until(async () => isTold(await takeSnapshot(stack)));
    const before = await takeSnapshot(stack);
    for (let run = 0; run < 2; run += 1) {
      const span = ['--from', '2026-04-01T00:00:00Z', '--to', '2026-04-02T00:00:00Z'];
      const replayed = await logistics(stack.endpoint, ['replay', ...span, '--wait', '--json']);
      expect(replayed).toMatchObject({ code: 0, stderr: expect.stringContaining('archive/logistics-archive-dev') });
      expect(rows(replayed.stdout)).toEqual([{ replay: expect.any(String), state: 'COMPLETED' }]);
      await sleep(2_000);
    }
    const after = await takeSnapshot(stack);
    const sorted = (list: readonly object[]) => list.map((row) => JSON.stringify(row)).sort();
    expect(sorted(after.log)).toEqual(sorted(before.log));
    expect(sorted(after.shipments)).toEqual(sorted(before.shipments));
    expect(after.notifications).toEqual(before.notifications);
  }, 60_000);
});

describe('redrive, cut off or failing at any of its calls', () => {
  const labels = { 'shipment-processor': [] as string[], 'status-updater': [] as string[] };

  async function redriveThrough(key: EventFunctionKey, at?: number, act?: Act) {
    const proxy = new FaultProxy(new URL(stack.endpoint));
    const endpoint = await proxy.listen();
    proxy.beginDelivery(({ index }) => (index === at ? act : undefined));
    await logistics(endpoint, ['redrive', key], (kill) => proxy.beginAttempt(kill));
    const calls = proxy.calls;
    proxy.close();
    return calls;
  }

  async function everyCrashPoint(key: (typeof KEYS)[number]): Promise<string[]> {
    const ids: string[] = [];
    const failOne = async (route: 'retries exhausted' | 'undeliverable') => {
      const id = `cut-${key}-${ids.length}`;
      ids.push(id);
      await fail(key, eventOf(id, key), route);
    };
    await failOne('retries exhausted');
    const calls = await redriveThrough(key);
    labels[key] = calls.map(({ label }) => label);
    const points = calls.flatMap(({ index }) => ACTS.map((act) => ({ index, act })));
    for (const { index, act } of sampled(points, 0.12)) {
      await failOne(ids.length % 2 === 0 ? 'retries exhausted' : 'undeliverable');
      await redriveThrough(key, index, act);
    }
    return ids;
  }

  it('loses no event, and gives none a second effect', async () => {
    const ids = (await Promise.all(KEYS.map(everyCrashPoint))).flat();
    for (const key of KEYS) {
      for (const service of ['sqs', 'dynamodb', 'lambda']) {
        expect(labels[key].some((label) => label.startsWith(service))).toBe(true);
      }
    }
    await sleep(HOLD_MS);
    for (const key of KEYS) {
      const { code } = await logistics(stack.endpoint, ['redrive', key]);
      // The message of an earlier test that nothing understands is still there.
      expect(code).toBe(key === 'status-updater' ? 1 : 0);
    }
    const rowsOf = async () => (await takeSnapshot(stack)).log.map(({ event_id }) => String(event_id));
    await until(async () =>
      ids.every(
        (
          (all) => (id: string) =>
            all.includes(id)
        )(await rowsOf()),
      ),
    );
    await sleep(3_000);
    const { log, notifications } = await takeSnapshot(stack);
    for (const id of ids) {
      expect(log.filter(({ event_id }) => event_id === id)).toHaveLength(1);
      expect(notifications.processing.filter(({ Message }) => JSON.parse(Message).event_id === id)).toHaveLength(1);
    }
    expect(await waiting('shipment-processor')).toEqual([]);
    expect(await waiting('status-updater')).toHaveLength(1);
    process.stdout.write(
      `redrive: ${ids.length} events, each cut off or failed at one of its calls: none lost, none twice\n`,
    );
  }, 300_000);
});

it('a stack that is not there is named in one line', async () => {
  const missing = await logistics(stack.endpoint, ['redrive', 'status-updater', '--env', 'nowhere']);
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toMatch(/^the stack was not found: check --env, --region and the account \(.*\)\n$/);
});
