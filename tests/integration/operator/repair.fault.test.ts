/** Repairs on a deployed stack: what each does, what it refuses, and the command cut off at any of its calls. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inEnvironment, NAMES } from '../../../contracts/names';
import { until } from '../../../lib/until.mjs';
import { ENVIRONMENT } from '../../../local/deploy';
import type { Act } from '../../../local/faults/fault';
import { FaultProxy } from '../../../local/faults/fault-proxy';
import { takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { putIntoQueue, queueOf } from '../../support/failed-events';
import { logistics, typed } from '../../support/operator';
import { sampled } from '../../support/sample';
import { startStack } from '../../support/stack';

const ACTS: readonly Act[] = ['killed before', 'killed after', 'request lost', 'response lost', 'answers 500'];

/** As long as a killed command keeps what it had received. */
const HOLD_MS = 61_000;

const TIME = '2026-03-02T08:00:00Z';
const UPDATER = queueOf('status-updater');

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

const eventOf = (id: string, detail: object, detailType = 'Shipment Status Updated') => ({
  version: '0',
  id: `envelope-${id}`,
  source: 'logistics.shipment',
  'detail-type': detailType,
  time: TIME,
  detail: { shipment_id: `SHP-${id}`, ...detail },
});

/** Puts an event into a queue; answers its message's id. */
const fail = (event: object, queue = UPDATER) => putIntoQueue(stack, queue, event);

const repair = (...args: string[]) => logistics(stack.endpoint, ['repair', ...args]);

const rowsOf = async (id: string) =>
  (await takeSnapshot(stack)).log.filter(({ shipment_id }) => shipment_id === `SHP-${id}`);

const logged = (id: string) => until(async () => (await rowsOf(id))[0]);

const lines = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('repair', () => {
  it('shows the difference, sends the event under its own identity, and keeps the reason on its error row', async () => {
    const message = await fail(eventOf('typo', { status: 'in_transti' }));
    const set = [message, '--set', 'detail.status=in_transit', '--json'];
    const changes = [
      { field: 'detail.status', was: 'in_transti', becomes: 'in_transit' },
      { field: 'detail.event_id', becomes: 'envelope-typo' },
      { field: 'detail.occurred_at', becomes: TIME },
    ];
    const shown = await repair(...set, '--dry-run');
    expect(lines(shown.stdout)).toEqual([
      ...changes,
      { message, event_id: 'envelope-typo', outcome: 'would be repaired' },
    ]);

    const { code, stdout, stderr } = await repair(...set);

    expect({ code, stderr }).toEqual({ code: 0, stderr: `account 000000000000, region us-east-1, queue ${UPDATER}\n` });
    const error_id = `logistics-status-updater-${ENVIRONMENT}/envelope-typo`;
    expect(lines(stdout)).toEqual([
      ...changes,
      { message, queue: UPDATER, error_id, event_id: 'envelope-typo', outcome: 'repaired' },
    ]);
    expect(await logged('typo')).toMatchObject({
      event_id: 'envelope-typo',
      timestamp: Date.parse(TIME),
      status: 'in_transit',
    });
    const { errors, failed } = await takeSnapshot(stack);
    expect(errors.find((row) => row['error_id'] === error_id)).toMatchObject({
      discard_reason: 'repaired: detail.status, detail.event_id, detail.occurred_at; sent again as envelope-typo',
    });
    expect(failed['status-updater']).toEqual([]);
  }, 60_000);

  it('keeps the identity that a producer gave', async () => {
    const own = { event_id: 'own-1', occurred_at: '2026-03-02T07:00:00.123Z' };
    const message = await fail(eventOf('own', { status: 'x', ...own }));
    await repair(message, '--set', 'detail.status=delivered');
    expect(await logged('own')).toMatchObject({ event_id: 'own-1', timestamp: Date.parse(own.occurred_at) });
  }, 60_000);

  it('takes an event that no contract took, in the editor', async () => {
    const queue = inEnvironment(NAMES.unroutedQueue, ENVIRONMENT);
    const message = await fail(eventOf('unrouted', { status: 'pending' }, 'Shipment Status Update'), queue);
    const editor = `EDITOR="sed -i -e 's/Status Update\\"/Status Updated\\"/'"`;
    const { code } = await typed(stack.endpoint, `${editor} npx logistics repair ${message} --edit`);
    expect(code).toBe(0);
    expect(await logged('unrouted')).toMatchObject({ event_id: 'envelope-unrouted' });
  }, 60_000);

  it.each([
    [
      'a repair that would be refused',
      'r-1',
      { status: 'x' },
      ['detail.status=y'],
      'it would be refused as repaired: detail.status must be one of',
    ],
    [
      'an event that can be accepted',
      'r-2',
      { status: 'pending' },
      ['detail.status=failed'],
      'the event can be accepted as it is: `npx --no-install logistics redrive status-updater',
    ],
    [
      'no change',
      'r-3',
      { status: 'x', event_id: 'r-3', occurred_at: TIME },
      ['detail.status=x'],
      'nothing was changed',
    ],
  ])(
    'refuses %s, and leaves the message',
    async (_, id, detail, [set = ''], message) => {
      const waiting = await fail(eventOf(id, detail));
      const { code, stderr } = await repair(waiting, '--set', set);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
      expect((await takeSnapshot(stack)).failed['status-updater'].join()).toContain(`SHP-${id}`);
      await logistics(stack.endpoint, ['discard', waiting, '--reason', 'tried']);
    },
    60_000,
  );

  it('makes no conflict: a used identity needs another, and a second repair with other values is refused', async () => {
    const identity = { event_id: 'used-1', occurred_at: TIME };
    await stack.send(eventOf('used', { status: 'pending', ...identity }));
    await logged('used');
    const broken = await fail(eventOf('used', { status: 'x', ...identity }));
    const conflicting = await repair(broken, '--set', 'detail.status=delivered');
    expect(conflicting).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is on record with another content'),
    });

    const refused = await fail(eventOf('used', { status: 'delivered', ...identity }));
    const { code } = await repair(refused, '--set', 'detail.event_id=used-2');
    expect(code).toBe(0);
    await until(async () => (await rowsOf('used')).length === 2);

    await repairThrough('begun', 'PutEvents', 'killed after');
    await sleep(HOLD_MS);
    const again = await repair(messages.get('begun') ?? '', '--set', 'detail.status=failed');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is on record with another content') });
    expect(await repair(messages.get('begun') ?? '', '--set', 'detail.status=in_transit')).toMatchObject({ code: 0 });
    const { errors } = await takeSnapshot(stack);
    expect(errors.filter(({ error_type }) => error_type === 'conflict')).toEqual([]);
    await logistics(stack.endpoint, ['discard', broken, '--reason', 'tried']);
  }, 150_000);

  it('changes nothing when the editor fails, and the message is there for the next one', async () => {
    const message = await fail(eventOf('editor', { status: 'x' }));
    const ended = await typed(stack.endpoint, `EDITOR=false npx logistics repair ${message} --edit`);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the editor (false) ended with 1: nothing was changed'),
    });
    await logistics(stack.endpoint, ['discard', message, '--reason', 'tried']);
  }, 60_000);

  it.each([[[]], [['--edit', '--set', 'detail.status=x']]])('asks for one way to change it: %j', async (args) => {
    const { code, stderr } = await repair('m', ...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'give --set or --edit, one of the two\n' });
  });
});

const messages = new Map<string, string>();

/** Puts a broken event into the queue and repairs it, while a call of the command goes wrong. */
async function repairThrough(id: string, at?: number | string, act?: Act) {
  const message = await fail(eventOf(id, { status: 'in_transti' }));
  messages.set(id, message);
  const proxy = new FaultProxy(new URL(stack.endpoint));
  const endpoint = await proxy.listen();
  proxy.beginDelivery(({ index, label }) => (index === at || label.split(' ')[1] === at ? act : undefined));
  const args = ['repair', message, '--set', 'detail.status=in_transit'];
  await logistics(endpoint, args, (kill) => proxy.beginAttempt(kill));
  const { calls } = proxy;
  proxy.close();
  return calls;
}

describe('repair, cut off or failing at any of its calls', () => {
  it('loses no event and gives none a second effect, once it is repeated', async () => {
    const calls = await repairThrough('whole');
    const named = calls.map(({ label }) => label);
    for (const name of ['UpdateItem', 'PutEvents', 'DeleteMessage']) expect(named.join()).toContain(name);
    // The calls that read the other queues come between these in any order.
    const from = calls.findIndex(({ label }) => label.startsWith('dynamodb'));
    const points = calls.slice(from).flatMap(({ index }) => ACTS.map((act) => ({ index, act })));
    const ids = ['whole'];
    for (const { index, act } of sampled(points, 0.08)) {
      const id = `cut-${ids.length}`;
      ids.push(id);
      await repairThrough(id, index, act);
    }
    await sleep(HOLD_MS);
    for (const id of ids) await repair(messages.get(id) ?? '', '--set', 'detail.status=in_transit');

    await until(async () => (await Promise.all(ids.map(rowsOf))).every(({ length }) => length === 1));
    const { errors, failed } = await takeSnapshot(stack);
    expect(failed['status-updater']).toEqual([]);
    expect(errors.filter(({ error_type }) => error_type === 'conflict')).toEqual([]);
    for (const id of ids) expect(await rowsOf(id)).toEqual([expect.objectContaining({ event_id: `envelope-${id}` })]);
  }, 600_000);
});
