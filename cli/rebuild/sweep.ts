/**
 * Both tables, part by part. A row equals the fold of its shipment's log when it has all that the log has, and has nothing else. So the log is
 * read once, and what a page of it says is held to the rows; then the rows are read once, and what each says is held to the log. What
 * looks different is examined alone. No more than a page of a part is kept, however large the tables are.
 */
import { BatchGetItemCommand, paginateScan, ScanCommand } from '@aws-sdk/client-dynamodb';
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
  read(table: Table, rows: number): void;
}

/**
 * Goes through the parts from the given one on.
 * @returns the first part that is not done, after an ending or an error; undefined when all are
 */
export async function sweep(from: number, ports: SweepPorts): Promise<{ next: number | undefined; error: unknown }> {
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
    try {
      for (const part of parts) {
        if (ending.aborted) return;
        if (await sweepPart(part, { ...ports, ...inTurn, ending })) open.delete(part);
      }
    } catch (thrown) {
      error ??= thrown;
      stop.abort();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const [next] = open;
  return { next, error };
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
  const table = part <= PARTS_OF_A_TABLE ? 'log' : 'status';
  const segment = { Segment: (part - 1) % PARTS_OF_A_TABLE, TotalSegments: PARTS_OF_A_TABLE };
  for await (const { Items = [] } of paginateScan({ client: target.db }, { ...reading(table, target), ...segment })) {
    await CHECKS[table](Items, ports);
    read(table, Items.length);
    if (ending.aborted) return false;
  }
  return true;
}

/** Looks at the first rows of each table only. */
export async function sample(Limit: number, ports: ComparePorts): Promise<void> {
  const { target } = ports;
  for (const table of ['log', 'status'] as const) {
    const { Items = [] } = await target.db.send(new ScanCommand({ ...reading(table, target), Limit }));
    await CHECKS[table](Items, ports);
  }
}

const CHECKS = { log: checkLog, status: checkRows } as const;

type Table = keyof typeof CHECKS;

/** How rows of a table are read, whatever the call. */
const reading = (table: Table, { name }: Target) =>
  table === 'log'
    ? { ...LOGGED_EVENT, TableName: name(TABLES.shipmentEvents.name), ConsistentRead: true }
    : { TableName: name(TABLES.shipments.name), ConsistentRead: true };

/** Holds what a page of the log says of each shipment to the shipment's row. */
async function checkLog(page: readonly StatusItem[], { target, mayLack }: ComparePorts): Promise<void> {
  const seen = statesIn(page);
  const keys = [...seen.keys()].map((shipment_id) => toAttributes({ shipment_id }));
  const rows = await itemsOf('status', keys, target);
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
      .map(({ event_id, timestamp }) => [JSON.stringify([event_id, timestamp]), toAttributes({ event_id, timestamp })]),
  );
  const log = statesIn(await itemsOf('log', [...keys.values()], target));
  for (const { id, state } of rows) {
    const known = log.get(id) ?? {};
    if (!state || !covers(known, withoutExpired(state, known, goneBefore))) await mayExceed(id);
  }
}

/** The state that rows of the log make of each shipment. */
function statesIn(logged: readonly StatusItem[]): ReadonlyMap<string, ShipmentState> {
  const states = new Map<string, ShipmentState>();
  for (const event of logged.map(readLoggedEvent))
    states.set(event.shipment_id, join(states.get(event.shipment_id) ?? {}, stateOf(event)));
  return states;
}

/** DynamoDB takes no more keys in a call. */
const KEYS_A_CALL = 100;

/** The rows under these keys, as far as there are any. */
async function itemsOf(table: Table, keys: readonly StatusItem[], target: Target): Promise<StatusItem[]> {
  const { TableName, ...options } = reading(table, target);
  const found: StatusItem[] = [];
  let open = [...keys];
  while (open.length > 0) {
    const Keys = open.slice(0, KEYS_A_CALL);
    const { Responses, UnprocessedKeys } = await target.db.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { ...options, Keys } } }),
    );
    found.push(...(Responses?.[TableName] ?? []));
    // An answer ends at 16 MB. When nothing at all is processed the SDK sees a throttled call, waits and tries again.
    open = [...open.slice(KEYS_A_CALL), ...(UnprocessedKeys?.[TableName]?.Keys ?? [])];
  }
  return found;
}
