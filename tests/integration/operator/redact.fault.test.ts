/** Erasure on a deployed stack: what it leaves, what brings nothing back, and the command cut off at any of its calls. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { until } from '../../../lib/until.mjs';
import type { Act } from '../../../local/faults/fault';
import { FaultProxy } from '../../../local/faults/fault-proxy';
import { takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { toAttributes } from '../../../src/adapters/attributes';
import type { Json } from '../../../src/domain/json';
import { afterRetries, putIntoQueue, queueOf } from '../../support/failed-events';
import { logistics } from '../../support/operator';
import { sampled } from '../../support/sample';
import { startStack } from '../../support/stack';

/** Stands wherever a producer may write freely. */
const MARKER = 'Ann-of-Green-Gables';

const ACTS: readonly Act[] = ['killed before', 'killed after', 'response lost', 'answers 500'];

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

const eventOf = (id: string, detail: Record<string, Json>, detailType = 'Shipment Status Updated') => ({
  version: '0',
  id: `envelope-${id}`,
  source: 'logistics.shipment',
  'detail-type': detailType,
  time: '2026-03-02T08:00:00Z',
  detail: {
    shipment_id: 'SHP-ANN',
    event_id: id,
    occurred_at: '2026-03-02T08:00:00Z',
    metadata: { signed_by: MARKER, lines: [{ note: `left with ${MARKER}` }] },
    ...detail,
  },
});

const ACCEPTED = [
  eventOf('ann-1', { status: 'in_transit' }),
  eventOf('ann-2', { status: 'delivered', occurred_at: '2026-03-02T09:00:00Z' }),
  eventOf(
    'ann-3',
    { status: 'in_transit', occurred_at: '2026-03-02T10:00:00Z', reason: `${MARKER} called`, corrected_by: MARKER },
    'Shipment Status Corrected',
  ),
];
const REJECTED = eventOf('ann-4', { status: MARKER });
const UNDELIVERABLE = eventOf('ann-5', { status: `${MARKER}!` });
const REPORTED = {
  ...eventOf('ann-6', {}, 'Processing Error'),
  source: 'logistics.error',
  detail: { error_type: 'label', error_message: `no label for ${MARKER}`, of: { shipment: 'SHP-ANN' } },
};

async function fail(event: object, by: 'OnFailure' | 'dead letter'): Promise<void> {
  await putIntoQueue(stack, queueOf('status-updater'), by === 'OnFailure' ? afterRetries(event) : event);
}

/** The rows of all three tables that still hold the marker, by table. */
async function marked() {
  const { log, shipments, errors } = await takeSnapshot(stack);
  const count = (rows: readonly object[]) => rows.filter((row) => JSON.stringify(row).includes(MARKER)).length;
  return { log: count(log), shipments: count(shipments), errors: count(errors) };
}

const command = (...args: string[]) => logistics(stack.endpoint, args);

/** Attempts on the rejected event that its row has counted. */
const attempts = async () => {
  const { errors } = await takeSnapshot(stack);
  return Number(errors.find(({ event_id }) => event_id === 'ann-4')?.['attempts'] ?? 0);
};

const waiting = async () => (await takeSnapshot(stack)).failed['status-updater'];

const NOTHING = { log: 0, shipments: 0, errors: 0 };

describe('redact', () => {
  it('leaves no value that a producer wrote freely in any table, and names the messages that have one', async () => {
    for (const event of [...ACCEPTED, REJECTED, REPORTED]) await stack.send(event);
    await fail(UNDELIVERABLE, 'dead letter');
    await until(async () => (await waiting()).length === 2);
    await until(async () => {
      const { log } = await takeSnapshot(stack);
      return log.filter(({ notified_at }) => notified_at).length === 2;
    });
    expect(await marked()).toEqual({ log: 3, shipments: 0, errors: 2 });

    const shown = await command('redact', 'SHP-ANN', '--dry-run');
    expect(shown).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('5 rows would be erased, 2 messages wait'),
    });
    expect(await marked()).toEqual({ log: 3, shipments: 0, errors: 2 });

    const { code, stderr } = await command('redact', 'SHP-ANN');
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('5 rows erased, 2 messages wait'),
    });
    expect(stderr).toMatch(/^account 000000000000, region us-east-1, environment dev\n/);
    expect(stderr).toContain('\n  (their receivers)  notifications that were sent\n');
    expect(await marked()).toEqual(NOTHING);
  }, 60_000);

  it('leaves what makes an event known: identity, status and hash', async () => {
    const { log } = await takeSnapshot(stack);
    for (const { detail } of ACCEPTED) {
      expect(log.find(({ event_id }) => event_id === detail.event_id)).toMatchObject({
        shipment_id: 'SHP-ANN',
        status: detail['status' as keyof typeof detail],
        payload_hash: expect.stringMatching(/^2:/),
        metadata: {},
        redacted_at: expect.any(String),
      });
    }
  });

  it('is undone by no event that is sent, redriven, discarded or replayed afterwards', async () => {
    const before = await takeSnapshot(stack);
    for (const event of ACCEPTED) await stack.send(event);
    for (const event of ACCEPTED) await fail(event, 'OnFailure');
    await command('redrive', 'status-updater');
    const rejected = await attempts();
    await command('redrive', 'status-updater', '--only', 'rejected');
    await until(async () => (await attempts()) > rejected);
    const span = ['--from', '2026-03-02T00:00:00Z', '--to', '2026-03-03T00:00:00Z'];
    const replayed = await attempts();
    await command('replay', ...span, '--wait');
    await until(async () => (await attempts()) > replayed);
    const { stdout } = await command('queues', 'status-updater', '--json');
    for (const line of stdout.split('\n').filter(Boolean))
      await command('discard', JSON.parse(line).message, '--reason', 'erased');

    const after = await takeSnapshot(stack);
    expect(after.log).toHaveLength(before.log.length);
    expect(after.log).toEqual(expect.arrayContaining([...before.log]));
    expect(after.shipments).toEqual(before.shipments);
    const known = before.notifications.processing.map(({ Message }) => Message);
    const sent = after.notifications.processing.map(({ Message }) => Message).filter((text) => !known.includes(text));
    // The event that had never reached its function fails for the first time.
    expect(sent).toEqual([expect.stringContaining('"event_id": "ann-5"')]);
    expect(sent.join()).not.toContain(MARKER);
    expect(await marked()).toEqual(NOTHING);
  }, 120_000);

  it('of one event leaves the others', async () => {
    await stack.send(eventOf('bob-1', { shipment_id: 'SHP-BOB', status: 'pending' }));
    await stack.send(eventOf('bob-2', { shipment_id: 'SHP-BOB', status: 'in_transit' }));
    await until(async () => (await marked()).log === 2);

    await command('redact', '--event', 'bob-1');

    const { log } = await takeSnapshot(stack);
    expect(log.filter((row) => JSON.stringify(row).includes(MARKER)).map(({ event_id }) => event_id)).toEqual([
      'bob-2',
    ]);
    await command('redact', 'SHP-BOB');
  }, 60_000);

  it.each([[[]], [['SHP-1', '--event', 'e-1']]])('asks for a shipment or an event: %j', async (args) => {
    expect(await command('redact', ...args)).toMatchObject({
      code: 2,
      stderr: 'give a shipment_id or --event, one of the two\n',
    });
  });
});

describe('redact, cut off or failing at any of its calls', () => {
  const rowsOf = async (id: string) => {
    const { log, errors } = await takeSnapshot(stack);
    return [...log, ...errors]
      .filter(({ shipment_id }) => shipment_id === id)
      .map(({ redacted_at, ...row }) => ({
        ...row,
        event_id: undefined,
        error_id: undefined,
        shipment_id: undefined,
        redacted_at: typeof redacted_at,
      }));
  };

  const put = (output: string, row: Record<string, Json>) =>
    stack.db.send(new PutItemCommand({ TableName: stack.outputs[output], Item: toAttributes(row) }));

  async function fill(id: string): Promise<void> {
    const common = { shipment_id: id, timestamp: 1 };
    for (const n of [1, 2])
      await put('ShipmentEventsTableName', {
        ...common,
        event_id: `${id}-${n}`,
        status: 'pending',
        metadata: { by: MARKER },
      });
    await put('ErrorEventsTableName', {
      ...common,
      error_id: `f/${id}`,
      event: MARKER,
      error_message: MARKER,
      attempts: 1,
    });
  }

  async function redactThrough(id: string, at?: number, act?: Act) {
    const proxy = new FaultProxy(new URL(stack.endpoint));
    const endpoint = await proxy.listen();
    proxy.beginDelivery(({ index }) => (index === at ? act : undefined));
    await logistics(endpoint, ['redact', id], (kill) => proxy.beginAttempt(kill));
    const { calls } = proxy;
    proxy.close();
    return calls;
  }

  it('ends the same once it is repeated', async () => {
    await fill('SHP-whole');
    const calls = await redactThrough('SHP-whole');
    const whole = await rowsOf('SHP-whole');
    expect(whole).toHaveLength(3);
    expect(await marked()).toEqual(NOTHING);
    const writes = calls.filter(({ label }) => label.startsWith('dynamodb'));
    expect(writes.map(({ label }) => label.split(' ')[1])).toEqual([
      'Query',
      'UpdateItem',
      'UpdateItem',
      'Scan',
      'UpdateItem',
    ]);

    const points = writes.flatMap(({ index }) => ACTS.map((act) => ({ index, act })));
    for (const [place, { index, act }] of sampled(points, 0.1).entries()) {
      const id = `SHP-cut-${place}`;
      await fill(id);
      await redactThrough(id, index, act);
      await redactThrough(id);
      expect({ act, index, rows: await rowsOf(id) }).toEqual({ act, index, rows: whole });
    }
    expect(await marked()).toEqual(NOTHING);
  }, 600_000);
});
