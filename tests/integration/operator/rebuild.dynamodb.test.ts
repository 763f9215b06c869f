/** Comparison of the statuses with the log: every kind of difference, its repair, interruption, and concurrent writes of the functions. */
import { DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { rebuild } from '../../../cli/commands/rebuild';
import { type Target, targetOf } from '../../../cli/target/target';
import { TABLES } from '../../../contracts/tables';
import { toAttributes } from '../../../src/adapters/attributes';
import { eventLog } from '../../../src/adapters/event-log';
import { shipments } from '../../../src/adapters/shipments';
import { advanceStatus } from '../../../src/application/advance-status';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { versionOf } from '../../../src/domain/version';
import { rowByDesign } from '../../support/builders/design-order';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { databaseOfFile, UNLIMITED } from '../../support/database';
import { recordedPrint } from '../../support/recorded-print';

const database = databaseOfFile();

const at = (minute: number) => Date.UTC(2026, 2, 2, 8, minute);

/** Long ago, so that no function is about to write the status. */
const HANDLED = { processed_at: '2026-03-02T12:00:00.000Z', validations: [] };

const log = (event: ShipmentEvent, handled = HANDLED) =>
  eventLog(database().db, database().tables.shipmentEvents, 0, UNLIMITED).append(event, handled, undefined);

const advance = (event: ShipmentEvent) =>
  advanceStatus(event, shipments(database().db, database().tables.shipments, UNLIMITED));

async function handle(events: readonly ShipmentEvent[]): Promise<void> {
  for (const event of events) {
    await log(event);
    await advance(event);
  }
}

async function logAll(ids: readonly string[]): Promise<void> {
  for (const event of ids.flatMap(eventsOf)) await log(event);
}

const put = (row: object) =>
  database().db.send(new PutItemCommand({ TableName: database().tables.shipments, Item: toAttributes({ ...row }) }));

const remove = (shipment_id: string) =>
  database().db.send(
    new DeleteItemCommand({ TableName: database().tables.shipments, Key: toAttributes({ shipment_id }) }),
  );

async function scan(table: keyof ReturnType<typeof database>['tables']) {
  const { db, tables } = database();
  const { Items = [] } = await db.send(new ScanCommand({ TableName: tables[table], ConsistentRead: true }));
  return Items;
}

const rowsOf = async () => new Map((await scan('shipments')).map((item) => [item['shipment_id']?.S ?? '', item]));

async function clear(): Promise<void> {
  for (const id of (await rowsOf()).keys()) await remove(id);
  const { db, tables } = database();
  for (const { event_id = { S: '' }, timestamp = { N: '' } } of await scan('shipmentEvents'))
    await db.send(new DeleteItemCommand({ TableName: tables.shipmentEvents, Key: { event_id, timestamp } }));
}

/** Four events of a shipment: one is a correction, and the last is hidden. */
function eventsOf(shipment_id: string): ShipmentEvent[] {
  const id = (name: string) => `${shipment_id}-${name}`;
  return [
    aShipmentEvent({ shipment_id, event_id: id('a'), status: 'in_transit', timestamp: at(0) }),
    aCorrection({ shipment_id, event_id: id('b'), status: 'pending', timestamp: at(1) }),
    aShipmentEvent({ shipment_id, event_id: id('c'), status: 'delivered', timestamp: at(2) }),
    aShipmentEvent({ shipment_id, event_id: id('d'), status: 'failed', timestamp: at(3) }),
  ];
}

const designed = (events: readonly ShipmentEvent[]) => toAttributes({ ...rowByDesign(events) });

/** Runs the command on the database, with a target that a test may change. */
async function run(
  options: Partial<Parameters<typeof rebuild>[0]> = {},
  change: (target: Target) => Partial<Target> = () => ({}),
  ending = UNLIMITED,
  goneBefore = 0,
) {
  const { db, tables } = database();
  const names = new Map<string, string>([
    [TABLES.shipments.name, tables.shipments],
    [TABLES.shipmentEvents.name, tables.shipmentEvents],
  ]);
  const target: Target = { ...targetOf({ env: 'dev' }), db, name: (name) => names.get(name) ?? name };
  const { lines, rows, print } = recordedPrint();
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await rebuild({ fromPart: 1, ...options }, { target: { ...target, ...change(target) }, print, ending, goneBefore });
    return { rows, lines, exitCode: process.exitCode };
  } finally {
    process.exitCode = before;
  }
}

const found = ({ rows }: Pick<ReturnType<typeof recordedPrint>, 'rows'>) =>
  rows
    .map(({ shipment_id, difference, event_id, outcome }) => [shipment_id, difference, event_id, outcome])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));

beforeEach(async () => {
  await clear();
  await handle(eventsOf('RIGHT'));
});

describe('damaged rows', () => {
  type StatusRow = ReturnType<typeof rowByDesign>;

  /** The difference to report, the event to name, and the row in place of the right one; without `damage` the row is missing. */
  const DAMAGED: readonly (readonly [
    id: string,
    difference: string,
    event_id: string,
    damage?: (row: StatusRow, events: readonly ShipmentEvent[]) => object,
  ])[] = [
    ['BARE', 'behind', 'BARE-d', ({ hidden_event: _, ...row }) => row],
    ['EMPTY', 'damaged', 'EMPTY-c', (row) => ({ ...row, last_correction: '' })],
    [
      'FOREIGN',
      'ahead',
      'no-such',
      (_, events) =>
        rowByDesign([
          ...events,
          aShipmentEvent({ shipment_id: 'FOREIGN', event_id: 'no-such', status: 'returned', timestamp: at(9) }),
        ]),
    ],
    [
      'FUTURE',
      'ahead',
      'FUTURE-d',
      (row) => ({
        ...row,
        hidden_event: versionOf(aShipmentEvent({ event_id: 'FUTURE-d', status: 'failed', timestamp: at(59) })),
      }),
    ],
    ['GONE', 'missing', 'GONE-c'],
    ['OLD', 'behind', 'OLD-c', (_, events) => rowByDesign(events.slice(0, 1))],
    // The row has an ordinary event as its last correction, and the log has a later one.
    [
      'OTHER',
      'behind',
      'OTHER-b',
      (row, [ordinary = aShipmentEvent()]) => ({
        ...row,
        last_correction: versionOf(ordinary),
        version: row.version.replace(String(at(1)), String(at(0))),
      }),
    ],
    // As a release before corrections wrote it.
    ['PLAIN', 'behind', 'PLAIN-d', (_, events) => rowByDesign(events.slice(2, 3))],
    ['TYPE', 'damaged', 'TYPE-c', (row) => ({ ...row, hidden_event: { is: 'a map' } })],
    ['VERSION', 'damaged', 'VERSION-c', (row) => ({ ...row, version: '9' })],
    ['WORD', 'damaged', 'WORD-c', (row) => ({ ...row, status: 'teleported' })],
  ];
  const isBehind = (difference: string) => difference === 'behind' || difference === 'missing';

  async function damage(): Promise<void> {
    await logAll(DAMAGED.map(([id]) => id));
    for (const [id, , , damaged] of DAMAGED) if (damaged) await put(damaged(rowByDesign(eventsOf(id)), eventsOf(id)));
  }

  it('are each reported once by a dry run, then brought forward where they are behind the log', async () => {
    await damage();
    const before = await rowsOf();

    const dry = await run({ dryRun: true });

    expect(found(dry)).toEqual(DAMAGED.map(([id, difference, event_id]) => [id, difference, event_id, 'left']));
    expect(dry.exitCode).toBe(1);
    expect(await rowsOf()).toEqual(before);

    const ran = await run();

    expect(found(ran)).toEqual(
      DAMAGED.map(([id, difference, event_id]) => [
        id,
        difference,
        event_id,
        isBehind(difference) ? 'brought forward' : 'left',
      ]),
    );
    expect(ran.exitCode).toBe(1);
    const after = await rowsOf();
    for (const [id, difference] of DAMAGED)
      expect(after.get(id)).toEqual(isBehind(difference) ? designed(eventsOf(id)) : before.get(id));
  });

  it('are all as the log has them after --overwrite', async () => {
    await damage();

    expect((await run({ overwrite: true })).exitCode).toBeUndefined();

    const after = await rowsOf();
    for (const [id] of DAMAGED) expect(after.get(id)).toEqual(designed(eventsOf(id)));
    expect(await run({ dryRun: true })).toEqual({
      rows: [],
      lines: [expect.stringMatching(/^\d+ log rows and 12 statuses compared, 0 differences$/)],
      exitCode: undefined,
    });
  });

  it('are left unchanged, even with --overwrite, when the log has no event of the shipment', async () => {
    await put(rowByDesign(eventsOf('UNHEARD-OF')));

    expect(found(await run({ overwrite: true }))).toEqual([['UNHEARD-OF', 'ahead', expect.any(String), 'left']]);
    expect((await rowsOf()).has('UNHEARD-OF')).toBe(true);
  });

  it('are found when the command is about their shipment only', async () => {
    await damage();

    expect(found(await run({ shipment: 'OLD' }))).toEqual([['OLD', 'behind', 'OLD-c', 'brought forward']]);
    expect(await run({ shipment: 'OLD' })).toMatchObject({ rows: [], exitCode: undefined });
    expect(found(await run({ shipment: 'WORD', overwrite: true }))).toEqual([
      ['WORD', 'damaged', 'WORD-c', 'overwritten'],
    ]);
    await expect(run({ shipment: 'NEVER' })).rejects.toThrow('no event of shipment NEVER was ever accepted in dev');
  });
});

/** Sends the calls of a target's database through `intercept`. */
const intercepted = (intercept: (command: object, carryOut: () => Promise<unknown>) => Promise<unknown>) =>
  function change({ db }: Target): Partial<Target> {
    const send = (command: Parameters<typeof db.send>[0]) => intercept(command, () => db.send(command));
    return { db: new Proxy(db, { get: (of, name) => (name === 'send' ? send : Reflect.get(of, name)) }) };
  };

describe('a run that ends early', () => {
  it.each([
    ['missing', undefined],
    ['damaged', { ...rowByDesign(eventsOf('CRASH')), status: 'teleported' }],
  ])(
    'leaves a %s row that the next run repairs, whichever call was its last',
    async (_, row) => {
      await logAll(['CRASH']);
      const options = { shipment: 'CRASH', overwrite: true };
      let isThrough = false;
      for (let last = 0; !isThrough; last += 1) {
        for (const isCarriedOut of [false, true]) {
          await remove('CRASH');
          if (row) await put(row);
          let calls = 0;
          const crashing = intercepted(async (__, carryOut) => {
            calls += 1;
            if (calls <= last) return carryOut();
            if (isCarriedOut) await carryOut();
            throw new Error('the process has ended');
          });

          isThrough = await run(options, crashing).then(
            () => true,
            ({ message }) => message !== 'the process has ended',
          );
          await run(options);

          expect((await rowsOf()).get('CRASH')).toEqual(designed(eventsOf('CRASH')));
        }
      }
    },
    60_000,
  );

  it('names the part where the rest begins, and misses no row', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `HALF-${index}`);
    await logAll(ids);
    const ending = new AbortController();
    let scans = 0;
    const stopping = intercepted((command, carryOut) => {
      if (command instanceof ScanCommand) scans += 1;
      if (scans === 30) ending.abort();
      return carryOut();
    });

    const first = await run({}, stopping, ending.signal);

    expect(first.exitCode).toBe(1);
    const [, part = ''] =
      /^ended before part \d+ of 128; the rest: npx --no-install logistics rebuild --from-part (\d+)$/m.exec(
        first.lines.join('\n'),
      ) ?? [];
    expect(Number(part)).toBeGreaterThan(1);
    const second = await run({ fromPart: Number(part) });
    expect([...found(first), ...found(second)].map(([id]) => id).sort()).toEqual(ids);
    const rows = await rowsOf();
    for (const id of ids) expect(rows.get(id)).toEqual(designed(eventsOf(id)));
  });

  it('rejects with the error, and stops its other parts', async () => {
    let scans = 0;
    const failing = intercepted((command, carryOut) => {
      if (command instanceof ScanCommand && ++scans === 11) throw new Error('no access');
      return carryOut();
    });

    await expect(run({ dryRun: true }, failing)).rejects.toThrow('no access');
    expect(scans).toBeLessThan(16);
  });
});

it('reports no difference for an event that is old enough to have expired from the log, but for a later one', async () => {
  const [, , closing = aShipmentEvent(), hidden = aShipmentEvent()] = eventsOf('EXPIRED');
  await put(rowByDesign([closing, hidden]));
  await log(hidden);

  expect((await run({ dryRun: true }, undefined, UNLIMITED, at(3))).rows).toEqual([]);
  expect(found(await run({ dryRun: true }, undefined, UNLIMITED, at(2)))).toEqual([
    ['EXPIRED', 'ahead', 'EXPIRED-c', 'left'],
  ]);
});

describe('while the functions write', () => {
  it('waits for the status of an event that was recorded a moment ago', async () => {
    const [event = aShipmentEvent()] = eventsOf('FRESH');
    await log(event, { ...HANDLED, processed_at: new Date().toISOString() });
    let reads = 0;
    const later = intercepted(async (command, carryOut) => {
      const answer = await carryOut();
      if (command instanceof GetItemCommand && ++reads === 1) await advance(event);
      return answer;
    });

    expect((await run({ dryRun: true }, later)).rows).toEqual([]);
    expect(reads).toBeGreaterThan(1);
  });

  it('reports no difference when only the index is behind', async () => {
    const behind = intercepted(async (command, carryOut) =>
      command instanceof QueryCommand ? { Items: [] } : carryOut(),
    );

    expect((await run({ dryRun: true, shipment: 'RIGHT' }, behind)).rows).toEqual([]);
  });

  it('does not overwrite a row that a function has changed since the comparison', async () => {
    await logAll(['SINCE']);
    const foreign = aShipmentEvent({ shipment_id: 'SINCE', event_id: 'no-such', status: 'returned', timestamp: at(9) });
    await put(rowByDesign([foreign]));
    const newer = aCorrection({ shipment_id: 'SINCE', event_id: 'newer', status: 'returned', timestamp: at(59) });
    const racing = intercepted(async (command, carryOut) => {
      if (command instanceof PutItemCommand) {
        await handle([newer]);
      }
      return carryOut();
    });

    const ran = await run({ shipment: 'SINCE', overwrite: true }, racing);

    expect(found(ran)).toEqual([['SINCE', 'ahead', 'no-such', 'left']]);
    expect((await rowsOf()).get('SINCE')).toEqual(designed([newer]));
  });

  it('keeps every row right while ten writers change them', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `BUSY-${index}`);
    await logAll(ids);
    const later = (id: string) => [
      aShipmentEvent({ shipment_id: id, event_id: `${id}-e`, status: 'in_transit', timestamp: at(4) }),
      aCorrection({ shipment_id: id, event_id: `${id}-f`, status: 'out_for_delivery', timestamp: at(3) }),
      aShipmentEvent({ shipment_id: id, event_id: `${id}-g`, status: 'returned', timestamp: at(5) }),
    ];

    await Promise.all([
      run({ overwrite: true }),
      ...ids.map((id) => handle(later(id))),
      run(),
      ...ids.map((shipment) => run({ shipment })),
    ]);

    const rows = await rowsOf();
    for (const id of ids) expect(rows.get(id)).toEqual(designed([...eventsOf(id), ...later(id)]));
    expect((await run({ dryRun: true })).rows).toEqual([]);
  });
});
