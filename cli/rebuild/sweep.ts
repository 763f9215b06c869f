/**
 * Both tables, part by part. A row equals the fold of its shipment's log when it has all that the log has, and has nothing else. So the log is
 * read once, and what a page of it says is held to the rows; then the rows are read once, and what each says is held to the log. What
 * looks different is examined alone. No more than a page of a part is kept, however large the tables are.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  paginateScan,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import { LOGGED_EVENT } from '../../publisher/shipment-records';
import { readLoggedEvent } from '../../publisher/shipment-rows';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import { join, type ShipmentState, stateOf } from '../../src/domain/shipment-state';
import type { Target } from '../target/target';
import { covers, eventsOf, type StatusItem, stateIn, withoutExpired } from './difference';

/** Parts of each table: an ended run goes on at a part. */
const PARTS_OF_A_TABLE = 64;
export const PARTS = 2 * PARTS_OF_A_TABLE;

/** Parts under way at once. */
const AT_ONCE = 4;

export interface ComparePorts {
  readonly target: Target;
  /** The log may lack events from before this time, in epoch milliseconds; 0 when it is kept for ever. */
  readonly goneBefore: number;
  /** The row may lack what was seen of the log. */
  mayLack(shipment_id: string, seen: ShipmentState): Promise<void>;
  /** The row may hold what the log does not have. */
  mayExceed(shipment_id: string): Promise<void>;
}

export interface SweepPorts extends ComparePorts {
  /** Aborted when it is to end after the pages under way. */
  readonly ending: AbortSignal;
  /** Rows of a page of the log or of the statuses were read. */
  read(table: 'log' | 'status', rows: number): void;
}

/**
 * Goes through the parts from the given one on.
 * @returns the first part that is not done, after an ending or an error; undefined when all are
 */
export async function sweep(
  from: number,
  ports: SweepPorts,
): Promise<{ readonly next?: number; readonly error?: unknown }> {
  const open = new Set(Array.from({ length: PARTS + 1 - from }, (_, index) => from + index));
  const stop = new AbortController();
  const ending = AbortSignal.any([ports.ending, stop.signal]);
  const turns = new Turns();
  const inTurn = {
    mayLack: (id: string, seen: ShipmentState) => turns.take(id, () => ports.mayLack(id, seen)),
    mayExceed: (id: string) => turns.take(id, () => ports.mayExceed(id)),
  };
  const parts = [...open].values();
  let error: unknown;
  const work = async () => {
    for (const part of parts) {
      if (ending.aborted) return;
      if (await sweepPart(part, { ...ports, ...inTurn, ending })) open.delete(part);
    }
  };
  const works = Array.from({ length: AT_ONCE }, () =>
    work().catch((thrown: unknown) => {
      error ??= thrown;
      stop.abort();
    }),
  );
  await Promise.all(works);
  const [next] = open;
  return { ...(next !== undefined && { next }), ...(error !== undefined && { error }) };
}

/** One part at a time looks at a shipment: another one would see a repair half done. */
class Turns {
  private readonly taken = new Map<string, Promise<void>>();

  async take(id: string, work: () => Promise<void>): Promise<void> {
    while (this.taken.has(id)) await this.taken.get(id)?.catch(() => undefined);
    const turn = work();
    this.taken.set(id, turn);
    await turn.finally(() => this.taken.delete(id));
  }
}

/** @returns whether it came to its end */
async function sweepPart(part: number, ports: SweepPorts): Promise<boolean> {
  const { target, ending, read } = ports;
  const isLog = part <= PARTS_OF_A_TABLE;
  const segment = { Segment: (part - 1) % PARTS_OF_A_TABLE, TotalSegments: PARTS_OF_A_TABLE, ConsistentRead: true };
  const scan = isLog
    ? { ...LOGGED_EVENT, TableName: target.name(TABLES.shipmentEvents.name) }
    : { TableName: target.name(TABLES.shipments.name) };
  for await (const { Items = [] } of paginateScan({ client: target.db }, { ...scan, ...segment })) {
    await (isLog ? checkLog(Items, ports) : checkRows(Items, ports));
    read(isLog ? 'log' : 'status', Items.length);
    if (ending.aborted) return false;
  }
  return true;
}

/** Looks at the first rows of each table only. */
export async function sample(Limit: number, ports: ComparePorts): Promise<void> {
  const { db, name } = ports.target;
  const page = async (scan: ScanCommandInput) =>
    (await db.send(new ScanCommand({ ...scan, Limit, ConsistentRead: true }))).Items ?? [];
  await checkLog(await page({ ...LOGGED_EVENT, TableName: name(TABLES.shipmentEvents.name) }), ports);
  await checkRows(await page({ TableName: name(TABLES.shipments.name) }), ports);
}

/** Holds what a page of the log says of each shipment to the shipment's row. */
async function checkLog(page: readonly StatusItem[], { target, mayLack }: ComparePorts): Promise<void> {
  const seen = new Map<string, ShipmentState>();
  for (const event of page.map(readLoggedEvent)) {
    seen.set(event.shipment_id, join(seen.get(event.shipment_id) ?? {}, stateOf(event)));
  }
  const rows = await itemsOf(
    'shipments',
    [...seen.keys()].map((shipment_id) => toAttributes({ shipment_id })),
    target,
  );
  const states = new Map(rows.map((item) => [stringOf(item, 'shipment_id'), stateIn(item)]));
  for (const [id, state] of seen) {
    const row = states.get(id);
    // A damaged row is found where the rows are read.
    const isDamaged = states.has(id) && !row;
    if (!isDamaged && !(row && covers(row, state))) await mayLack(id, state);
  }
}

/** Holds the events that a page of rows names to the log. */
async function checkRows(page: readonly StatusItem[], { target, goneBefore, mayExceed }: ComparePorts): Promise<void> {
  const rows = page.map((item) => ({ id: stringOf(item, 'shipment_id') ?? '', state: stateIn(item) }));
  const keys = new Map(
    rows
      .flatMap(({ state }) => eventsOf(state ?? {}))
      .map(({ event_id, timestamp }) => {
        const key = { event_id, timestamp };
        return [JSON.stringify(key), toAttributes(key)];
      }),
  );
  const logged = (await itemsOf('shipmentEvents', [...keys.values()], target)).map(readLoggedEvent);
  const log = new Map<string, ShipmentState>();
  for (const event of logged) log.set(event.shipment_id, join(log.get(event.shipment_id) ?? {}, stateOf(event)));
  for (const { id, state } of rows) {
    const known = log.get(id) ?? {};
    if (!state || !covers(known, withoutExpired(state, known, goneBefore))) await mayExceed(id);
  }
}

/** DynamoDB takes no more keys in a call. */
const KEYS_A_CALL = 100;

type Key = Record<string, AttributeValue>;

/** The rows under these keys, as far as there are any. */
async function itemsOf(table: 'shipmentEvents' | 'shipments', keys: readonly Key[], target: Target): Promise<Key[]> {
  const name = target.name(TABLES[table].name);
  const options = { ConsistentRead: true, ...(table === 'shipmentEvents' && LOGGED_EVENT) };
  const found: Key[] = [];
  let open = [...keys];
  while (open.length > 0) {
    const Keys = open.slice(0, KEYS_A_CALL);
    const { Responses, UnprocessedKeys } = await target.db.send(
      new BatchGetItemCommand({ RequestItems: { [name]: { ...options, Keys } } }),
    );
    found.push(...(Responses?.[name] ?? []));
    // An answer ends at 16 MB. When nothing at all is processed the SDK sees a throttled call, waits and tries again.
    open = [...open.slice(KEYS_A_CALL), ...(UnprocessedKeys?.[name]?.Keys ?? [])];
  }
  return found;
}
