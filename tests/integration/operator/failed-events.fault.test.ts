/** Commands that handle failed events, on a deployed stack: effects, refusals, and interruption or failure at any call. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { inEnvironment, NAMES } from '../../../contracts/names';
import { until } from '../../../lib/until.mjs';
import { ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, REGION } from '../../../local/environment';
import type { Act } from '../../../local/faults/fault';
import { FaultProxy } from '../../../local/faults/fault-proxy';
import { eventOf as eventReportedBy, messagesByQueue, type Row, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import type { Json } from '../../../src/domain/json';
import { afterRetries, putIntoQueue, queueOf } from '../../support/failed-events';
import { CONTROL_CHARACTERS, nested, objectOf } from '../../support/fuzz/json-text';
import { jsonLines } from '../../support/json-lines';
import { type CommandEnded, logistics, typed } from '../../support/operator';
import { sampled } from '../../support/sample';
import { startStack } from '../../support/stack';

jest.setTimeout(60_000);

const ACTS: readonly Act[] = ['killed before', 'killed after', 'request lost', 'response lost', 'answers 500'];

/** Longer than the messages of a killed command stay hidden. */
const HOLD_MS = 61_000;

const UPDATER = queueOf('status-updater');
const CREATOR = queueOf('shipment-processor');
const UNROUTED = inEnvironment(NAMES.unroutedQueue, ENVIRONMENT);

const TIME = '2026-03-02T08:00:00Z';

let stack: LocalStack;
let sqs: SQSClient;

beforeAll(async () => {
  stack = await startStack();
  sqs = new SQSClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
}, 120_000);

const urlOf = (queue: string) => `${stack.endpoint}/000000000000/${queue}`;

beforeEach(async () => {
  for (const queue of [UPDATER, CREATOR, UNROUTED]) await sqs.send(new PurgeQueueCommand({ QueueUrl: urlOf(queue) }));
});

const operate = (...args: string[]) => logistics(stack.endpoint, args);

const rowsIn = ({ stdout }: CommandEnded) => jsonLines(stdout);

const eventOf = (id: string, detail: Record<string, Json>, detailType = 'Shipment Status Updated', time = TIME) => ({
  version: '0',
  id: `envelope-${id}`,
  source: 'logistics.shipment',
  'detail-type': detailType,
  time,
  detail: { shipment_id: `SHP-${id}`, ...detail },
});

/** An event with its producer's identity. */
const identified = (id: string, status: string, detailType?: string) =>
  eventOf(id, { status, event_id: id, occurred_at: TIME }, detailType);

/** Puts an event into a queue, as undeliverable unless it is a record of Lambda; returns the message's id. */
const fail = (event: object, queue = UPDATER) => putIntoQueue(stack, queue, event);

const waitingIn = async (queue: string) => (await messagesByQueue(stack.endpoint)).get(queue) ?? [];

const rowsOf = async (id: string) =>
  (await takeSnapshot(stack)).log.filter(({ shipment_id }) => shipment_id === `SHP-${id}`);

const logged = (id: string) => until(async () => (await rowsOf(id))[0]);

/** Runs a command with a fault at one of its calls, given by index or operation; returns its calls. */
async function cutOff(args: readonly string[], at?: number | string, act?: Act) {
  const proxy = new FaultProxy(new URL(stack.endpoint));
  const endpoint = await proxy.listen();
  proxy.beginDelivery(({ index, label }) => (index === at || label.split(' ')[1] === at ? act : undefined));
  await logistics(endpoint, args, (kill) => proxy.beginAttempt(kill));
  const { calls } = proxy;
  proxy.close();
  return calls;
}

describe('repair', () => {
  it('shows the changes, sends the event with its own identity, and stores the reason in its error row', async () => {
    const message = await fail(eventOf('typo', { status: 'in_transti' }));
    const set = ['repair', message, '--set', 'detail.status=in_transit', '--json'];
    const changes = [
      { field: 'detail.status', was: 'in_transti', becomes: 'in_transit' },
      { field: 'detail.event_id', becomes: 'envelope-typo' },
      { field: 'detail.occurred_at', becomes: TIME },
    ];
    const outcome = { message, event_id: 'envelope-typo' };
    expect(rowsIn(await operate(...set, '--dry-run'))).toEqual([
      ...changes,
      { ...outcome, outcome: 'would be repaired' },
    ]);

    const repaired = await operate(...set);

    expect(repaired).toMatchObject({ code: 0, stderr: `account 000000000000, region us-east-1, queue ${UPDATER}\n` });
    const error_id = `logistics-status-updater-${ENVIRONMENT}/envelope-typo`;
    expect(rowsIn(repaired)).toEqual([...changes, { ...outcome, queue: UPDATER, error_id, outcome: 'repaired' }]);
    expect(await logged('typo')).toMatchObject({
      event_id: 'envelope-typo',
      timestamp: Date.parse(TIME),
      status: 'in_transit',
    });
    const { errors } = await takeSnapshot(stack);
    expect(errors.find((row) => row['error_id'] === error_id)).toMatchObject({
      discard_reason: 'repaired: detail.status, detail.event_id, detail.occurred_at; sent again as envelope-typo',
    });
    expect(await waitingIn(UPDATER)).toEqual([]);
  });

  it('sends an unrouted event that the editor has changed, and leaves it when the editor fails', async () => {
    const message = await fail(eventOf('unrouted', { status: 'pending' }, 'Shipment Status Update'), UNROUTED);
    const inEditor = (editor: string) =>
      typed(stack.endpoint, `EDITOR=${editor} npx logistics repair ${message} --edit`);

    expect(await inEditor('false')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the editor (false) ended with 1: nothing was changed'),
    });
    expect(await inEditor(`"sed -i -e 's/Status Update\\"/Status Updated\\"/'"`)).toMatchObject({ code: 0 });
    expect(await logged('unrouted')).toMatchObject({ event_id: 'envelope-unrouted' });
  });
});

/** A value in every field that a producer may write freely. */
const MARKER = 'Ann-of-Green-Gables';

/** Number of rows with the marker, by table. */
async function marked() {
  const { log, shipments, errors } = await takeSnapshot(stack);
  const count = (rows: readonly Row[]) => rows.filter((row) => JSON.stringify(row).includes(MARKER)).length;
  return { log: count(log), shipments: count(shipments), errors: count(errors) };
}

const NOTHING = { log: 0, shipments: 0, errors: 0 };

const put = (output: string, row: object) =>
  stack.db.send(new PutItemCommand({ TableName: stack.outputs[output], Item: marshall(row) }));

describe('redact', () => {
  /** A day without other events. */
  const DAY = '2026-03-12';

  const aboutAnn = (event_id: string, detail: Record<string, Json>, detailType?: string) =>
    eventOf(
      event_id,
      {
        shipment_id: 'SHP-ANN',
        event_id,
        occurred_at: `${DAY}T08:00:00Z`,
        metadata: { signed_by: MARKER, lines: [{ note: `left with ${MARKER}` }] },
        ...detail,
      },
      detailType,
      `${DAY}T08:00:00Z`,
    );

  const ACCEPTED = [
    aboutAnn('ann-1', { status: 'in_transit' }),
    aboutAnn('ann-2', { status: 'delivered', occurred_at: `${DAY}T09:00:00Z` }),
    aboutAnn(
      'ann-3',
      { status: 'in_transit', occurred_at: `${DAY}T10:00:00Z`, reason: `${MARKER} called`, corrected_by: MARKER },
      'Shipment Status Corrected',
    ),
  ];
  const REJECTED = aboutAnn('ann-4', { status: MARKER });
  const UNDELIVERABLE = aboutAnn('ann-5', { status: `${MARKER}!` });
  const REPORTED = {
    ...aboutAnn('ann-6', {}, 'Processing Error'),
    source: 'logistics.error',
    detail: { error_type: 'label', error_message: `no label for ${MARKER}`, of: { shipment: 'SHP-ANN' } },
  };

  /** Attempts in the row of the rejected event. */
  const attempts = async () => {
    const { errors } = await takeSnapshot(stack);
    return Number(errors.find(({ event_id }) => event_id === 'ann-4')?.['attempts'] ?? 0);
  };

  /** Has every event processed again: sent, redriven, replayed and discarded. */
  async function processAgain() {
    for (const event of ACCEPTED) await stack.send(event);
    for (const event of ACCEPTED) await fail(afterRetries(event));
    await operate('redrive', 'status-updater');
    for (const args of [
      ['redrive', 'status-updater', '--only', 'rejected'],
      ['replay', '--from', `${DAY}T00:00:00Z`, '--to', `${DAY}T23:00:00Z`, '--wait'],
    ]) {
      const before = await attempts();
      await operate(...args);
      await until(async () => (await attempts()) > before);
    }
    for (const { message } of rowsIn(await operate('queues', 'status-updater', '--json')))
      await operate('discard', String(message), '--reason', 'erased');
  }

  it('erases each value that a producer wrote freely, for good when the events come again', async () => {
    for (const event of [...ACCEPTED, REJECTED, REPORTED]) await stack.send(event);
    await fail(UNDELIVERABLE);
    await until(async () => (await waitingIn(UPDATER)).length === 2);
    const notified = async () =>
      (await takeSnapshot(stack)).log.filter((row) => row['shipment_id'] === 'SHP-ANN' && row['notified_at']);
    await until(async () => (await notified()).length === 2);
    expect(await marked()).toEqual({ log: 3, shipments: 0, errors: 2 });

    expect(await operate('redact', 'SHP-ANN', '--dry-run')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('5 rows would be erased, 2 messages wait'),
    });
    expect(await marked()).toEqual({ log: 3, shipments: 0, errors: 2 });
    const { code, stderr } = await operate('redact', 'SHP-ANN');

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('5 rows erased, 2 messages wait') });
    expect(stderr).toMatch(/^account 000000000000, region us-east-1, environment dev\n/);
    expect(stderr).toContain('\n  (their receivers)  notifications that were sent\n');
    expect(await marked()).toEqual(NOTHING);
    // Identity, status and hash stay, so that the event is a duplicate when it comes again.
    const before = await takeSnapshot(stack);
    for (const { detail } of ACCEPTED) {
      const { event_id, status } = detail as Record<string, Json>;
      expect(before.log.find((row) => row['event_id'] === event_id)).toMatchObject({
        shipment_id: 'SHP-ANN',
        status,
        payload_hash: expect.stringMatching(/^2:/),
        metadata: {},
        redacted_at: expect.any(String),
      });
    }

    await processAgain();

    const after = await takeSnapshot(stack);
    expect(after.log).toHaveLength(before.log.length);
    expect(after.log).toEqual(expect.arrayContaining([...before.log]));
    expect(after.shipments).toEqual(before.shipments);
    const known = before.notifications.processing.map(({ Message }) => Message);
    const sent = after.notifications.processing.map(({ Message }) => Message).filter((text) => !known.includes(text));
    // Only the event that had never reached its function fails for the first time.
    expect(sent).toEqual([expect.stringContaining('"event_id": "ann-5"')]);
    expect(sent.join()).not.toContain(MARKER);
    expect(await marked()).toEqual(NOTHING);
  }, 120_000);

  /** Rows of a shipment that hold the marker: two of its events and an error. */
  async function fill(shipment_id: string): Promise<void> {
    const common = { shipment_id, timestamp: 1, status: 'pending', metadata: { by: MARKER } };
    for (const n of [1, 2]) await put('ShipmentEventsTableName', { ...common, event_id: `${shipment_id}-${n}` });
    const error = { error_id: `f/${shipment_id}`, event: MARKER, error_message: MARKER, attempts: 1 };
    await put('ErrorEventsTableName', { shipment_id, timestamp: 1, ...error });
  }

  it('--event erases only that event', async () => {
    await fill('SHP-BOB');

    await operate('redact', '--event', 'SHP-BOB-1');

    const { log } = await takeSnapshot(stack);
    const kept = log.filter((row) => JSON.stringify(row).includes(MARKER));
    expect(kept.map(({ event_id }) => event_id)).toEqual(['SHP-BOB-2']);
    await operate('redact', 'SHP-BOB');
  });

  it('has the same result when it is repeated after an interruption or failure at any call', async () => {
    /** Rows after a redaction, without the values that differ between shipments. */
    const rowsAfter = async (id: string) => {
      const { log, errors } = await takeSnapshot(stack);
      return [...log, ...errors]
        .filter(({ shipment_id }) => shipment_id === id)
        .map(({ event_id: _, error_id: __, shipment_id: ___, redacted_at, ...row }) => ({
          ...row,
          redacted_at: typeof redacted_at,
        }));
    };
    await fill('SHP-whole');
    const calls = await cutOff(['redact', 'SHP-whole']);
    const whole = await rowsAfter('SHP-whole');
    expect(whole).toHaveLength(3);
    expect(await marked()).toEqual(NOTHING);
    const writes = calls.filter(({ label }) => label.startsWith('dynamodb'));
    expect(writes.map(({ label }) => label.split(' ')[1]).join()).toBe('Query,UpdateItem,UpdateItem,Scan,UpdateItem');

    const points = writes.flatMap(({ index }) => ACTS.map((act) => ({ index, act })));
    for (const [place, { index, act }] of sampled(points, 0.08).entries()) {
      const id = `SHP-cut-${place}`;
      await fill(id);
      await cutOff(['redact', id], index, act);
      await operate('redact', id);
      expect({ act, index, rows: await rowsAfter(id) }).toEqual({ act, index, rows: whole });
    }
    expect(await marked()).toEqual(NOTHING);
  }, 600_000);
});

describe('redrive and repair, cut off or failing at any call', () => {
  interface Trial {
    /** Puts an event into the command's queue; returns the command. */
    readonly begin: (id: string, place: number) => Promise<readonly string[]>;
    /** Service of the first call with a fault. The calls before it read other queues, in any order. */
    readonly from: string;
    readonly calls: readonly string[];
    readonly share: number;
  }

  const repairOf = (message: string, status = 'delivered') => ['repair', message, '--set', `detail.status=${status}`];

  const TRIALS: Readonly<Record<string, Trial>> = {
    redrive: {
      async begin(id, place) {
        const event = identified(id, 'delivered', 'Shipment Created');
        await fail(place % 2 ? event : afterRetries(event), CREATOR);
        return ['redrive', 'shipment-processor'];
      },
      from: '',
      calls: ['ReceiveMessage', 'GetItem', 'lambda', 'DeleteMessage'],
      share: 0.24,
    },
    repair: {
      begin: async (id) => repairOf(await fail(identified(id, 'deliverd'))),
      from: 'dynamodb',
      calls: ['UpdateItem', 'PutEvents', 'DeleteMessage'],
      share: 0.08,
    },
  };

  /** Runs a command on one event per fault, at a share of its calls; returns the event ids, and the commands to repeat. */
  async function cutOffEverywhere(name: string, { begin, from, calls: expected, share }: Trial) {
    const ids = [`${name}-whole`];
    const commands = [await begin(`${name}-whole`, 0)];
    const calls = await cutOff(commands[0] ?? []);
    for (const call of expected) expect(calls.map(({ label }) => label).join()).toContain(call);
    const first = calls.findIndex(({ label }) => label.startsWith(from));
    const points = calls.slice(first).flatMap(({ index }) => ACTS.map((act) => ({ index, act })));
    for (const [place, { index, act }] of sampled(points, share).entries()) {
      const id = `${name}-${place}`;
      ids.push(id);
      commands.push(await begin(id, place));
      await cutOff(commands.at(-1) ?? [], index, act);
    }
    return { ids, commands };
  }

  it('lose no event and have no second effect when they are repeated', async () => {
    // One after the other: `repair` looks for its message in every queue, and hides those of the other trial meanwhile.
    const tried = [];
    for (const [name, trial] of Object.entries(TRIALS)) tried.push(await cutOffEverywhere(name, trial));
    const begun = await fail(identified('begun', 'x'));
    await cutOff(repairOf(begun), 'PutEvents', 'killed after');
    await sleep(HOLD_MS);
    // The event was sent already: another change of it would be a conflict.
    expect(await operate(...repairOf(begun, 'failed'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is on record with another content'),
    });
    expect(await operate(...repairOf(begun))).toMatchObject({ code: 0 });
    const repeated = new Map(tried.flatMap(({ commands }) => commands).map((args) => [args.join(), args]));
    for (const args of repeated.values()) await operate(...args);

    const ids = ['begun', ...tried.flatMap((trial) => trial.ids)];
    const rowsById = async () => {
      const { log } = await takeSnapshot(stack);
      return ids.map((id) => log.filter(({ event_id }) => event_id === id).length);
    };
    await until(async () => (await rowsById()).every((count) => count > 0));
    // A second effect would come later.
    await sleep(3_000);
    expect(await rowsById()).toEqual(ids.map(() => 1));
    const { notifications, errors } = await takeSnapshot(stack);
    const notified = notifications.processing.map(eventReportedBy);
    expect(ids.map((id) => notified.filter((event_id) => event_id === id).length)).toEqual(ids.map(() => 1));
    expect(errors.filter(({ error_type }) => error_type === 'conflict')).toEqual([]);
    expect([await waitingIn(CREATOR), await waitingIn(UPDATER)]).toEqual([[], []]);
    process.stdout.write(`${ids.length} events, redrive and repair cut off or failed: none lost, none twice\n`);
  }, 600_000);
});

describe('hostile or broken content of a queue', () => {
  const LEVELS = 200_000;
  const HOSTILE_TEXT = '\u001b[2J\u001b]0;owned\u0007\u202egnp.exe\r\n\u009b31m';

  const event = (shipment: string, ...fields: (readonly [name: string, json: string])[]) =>
    objectOf([
      ['id', JSON.stringify(`envelope-${shipment}`)],
      ['source', '"logistics.shipment"'],
      ['detail-type', '"Shipment Status Updated"'],
      ['time', '"2026-03-02T08:00:00Z"'],
      ['detail', objectOf([['shipment_id', JSON.stringify(shipment)], ['status', '"in_transit"'], ...fields])],
    ]);

  const record = (payload: string, reason = 'it failed') =>
    objectOf([
      ['requestContext', '{"condition":"RetriesExhausted"}'],
      ['requestPayload', payload],
      ['responsePayload', objectOf([['errorMessage', JSON.stringify(reason)]])],
    ]);

  /** Messages without an event that a function can be invoked with. */
  const UNREADABLE = [
    'neither JSON nor \u009b31m harmless \u202e',
    record(event('SHP-DEEP', ['more', nested(LEVELS)])),
  ];

  const READABLE = [
    // The largest message of SQS.
    record(event('SHP-LARGE', ['more', JSON.stringify('x'.repeat(2 ** 20 - 1_000))])),
    record(
      event('SHP-PROTO', ['__proto__', '{"status":"delivered"}'], ['constructor', '{"prototype":{}}']),
      HOSTILE_TEXT,
    ),
    record(event(`SHP ${HOSTILE_TEXT}`), HOSTILE_TEXT),
    record(JSON.stringify(HOSTILE_TEXT), HOSTILE_TEXT),
    event('SHP-GOOD'),
  ];

  it('is shown and redriven, except unreadable messages, which the error table stores when they are discarded', async () => {
    const before = await takeSnapshot(stack);
    for (const body of [...UNREADABLE, ...READABLE]) {
      const StringValue = 'no \u009b31m permission';
      const MessageAttributes = { ERROR_MESSAGE: { DataType: 'String', StringValue } };
      await sqs.send(new SendMessageCommand({ QueueUrl: urlOf(UPDATER), MessageBody: body, MessageAttributes }));
    }

    const table = await operate('queues', 'status-updater');
    const inJson = await operate('queues', 'status-updater', '--json');

    for (const { code, stdout, stderr } of [table, inJson]) {
      expect(code).toBe(0);
      expect(stdout).not.toMatch(CONTROL_CHARACTERS);
      expect(stderr).not.toMatch(CONTROL_CHARACTERS);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(1 + UNREADABLE.length + READABLE.length);
    const unreadable = rowsIn(inJson).filter((message) => UNREADABLE.includes(String(message['event'])));
    expect(unreadable.map(({ reason }) => reason)).toEqual([
      'its body is no JSON object',
      'its body is nested too deeply to be redriven',
    ]);

    const { code, stdout, stderr } = await operate('redrive', 'status-updater');

    const counts = `${UNREADABLE.length} not understood, ${READABLE.length} redriven`;
    expect({ code, counts: stderr.trimEnd().split('\n').at(-1) }).toEqual({ code: 1, counts });
    expect(stdout).not.toMatch(CONTROL_CHARACTERS);
    // A redrive creates a row, too: without an error type when the event never reached its function.
    const failures = async () =>
      (await takeSnapshot(stack)).errors.filter(
        ({ error_id, error_type }) => error_type && !before.errors.some((row) => row['error_id'] === error_id),
      );
    await until(async () => (await failures()).length === 3);
    expect((await failures()).map(({ error_message }) => error_message).sort()).toEqual([
      expect.stringContaining('detail has a key "__proto__"'),
      expect.stringContaining('id must be 1 to 128 printable ASCII characters'),
      expect.stringContaining('the event must be a JSON object'),
    ]);
    await until(async () => (await takeSnapshot(stack)).shipments.length >= before.shipments.length + 2);
    const known = before.shipments.map(({ shipment_id }) => shipment_id);
    const { shipments } = await takeSnapshot(stack);
    const created = shipments.map(({ shipment_id }) => shipment_id).filter((id) => !known.includes(id));
    expect(created.sort()).toEqual(['SHP-GOOD', 'SHP-LARGE']);

    for (const { message } of unreadable) {
      const discarded = await operate('discard', String(message), '--reason', `broken ${HOSTILE_TEXT}`);
      expect(discarded).toMatchObject({ code: 0, stdout: expect.not.stringMatching(CONTROL_CHARACTERS) });
    }
    const { errors } = await takeSnapshot(stack);
    const kept = errors.filter((row) => String(row['discard_reason']).startsWith('broken '));
    expect(kept.map((row) => String(row['event']).slice(0, 100)).sort()).toEqual(
      UNREADABLE.map((body) => JSON.stringify(body).slice(0, 100)).sort(),
    );
    expect((await waitingIn(UPDATER)).filter((body) => UNREADABLE.includes(body))).toEqual([]);
  }, 120_000);
});
