/**
 * Compares both tables part by part. A row equals the fold of its shipment's log when it has all events of the log and no others. So one pass
 * over the log checks each page against the rows, and one pass over the rows checks each page against the log. Each shipment that seems to differ
 * is then examined on its own. Memory holds one page of each part under way, however large the tables are.
 */
import { paginateScan, ScanCommand } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import { LOGGED_EVENT } from '../../publisher/shipment-records';
import { readLoggedEvent } from '../../publisher/shipment-rows';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import { join, type ShipmentState, stateOf } from '../../src/domain/shipment-state';
import { rowsOf } from '../target/rows';
import type { Target } from '../target/target';
import { covers, eventsOf, type StatusItem, stateIn, withoutExpired } from './difference';

/** Parts of each table. An interrupted run resumes at a part. */
const PARTS_OF_A_TABLE = 64;
export const PARTS = 2 * PARTS_OF_A_TABLE;

const CONCURRENCY = 4;

export interface ComparePorts {
  readonly target: Target;
  /** Events from before this time may have expired from the log, in epoch milliseconds; 0 when it is kept for ever. */
  readonly goneBefore: number;
  /** Called when the row may lack events that were seen in the log. */
  mayLack(shipment_id: string, seen: ShipmentState): Promise<void>;
  /** Called when the row may have events that the log lacks. */
  mayExceed(shipment_id: string): Promise<void>;
}

export interface SweepPorts extends ComparePorts {
  /** Aborted when the sweep must end after the current pages. */
  readonly ending: AbortSignal;
  read(table: Table, rows: number): void;
}

/** Compares the parts from the given one on. @returns the first part that is not done; undefined when all are */
export async function sweep(from: number, ports: SweepPorts): Promise<{ next: number | undefined; error: unknown }> {
  const unfinished = new Set(Array.from({ length: PARTS + 1 - from }, (_, index) => from + index));
  const stop = new AbortController();
  const ending = AbortSignal.any([ports.ending, stop.signal]);
  const turns = new Turns();
  const inTurn = {
    mayLack: (id: string, seen: ShipmentState) => turns.take(id, () => ports.mayLack(id, seen)),
    mayExceed: (id: string) => turns.take(id, () => ports.mayExceed(id)),
  };
  const parts = [...unfinished].values();
  let error: unknown;
  const work = async () => {
    try {
      for (const part of parts) {
        if (ending.aborted) return;
        if (await sweepPart(part, { ...ports, ...inTurn, ending })) unfinished.delete(part);
      }
    } catch (thrown) {
      error ??= thrown;
      stop.abort();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const [next] = unfinished;
  return { next, error };
}

/** Lets one part at a time work on a shipment, since another would see an incomplete repair. */
class Turns {
  private readonly taken = new Map<string, Promise<void>>();

  async take(id: string, work: () => Promise<void>): Promise<void> {
    while (this.taken.has(id)) await this.taken.get(id)?.catch(() => undefined);
    const turn = work();
    this.taken.set(id, turn);
    await turn.finally(() => this.taken.delete(id));
  }
}

/** @returns false when the sweep ended before the end of the part */
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

export async function sample(Limit: number, ports: ComparePorts): Promise<void> {
  const { target } = ports;
  for (const table of ['log', 'status'] as const) {
    const { Items = [] } = await target.db.send(new ScanCommand({ ...reading(table, target), Limit }));
    await CHECKS[table](Items, ports);
  }
}

const CHECKS = { log: checkLog, status: checkRows } as const;

type Table = keyof typeof CHECKS;

const reading = (table: Table, { name }: Target) =>
  table === 'log'
    ? ({ ...LOGGED_EVENT, TableName: name(TABLES.shipmentEvents.name), ConsistentRead: true } as const)
    : ({ TableName: name(TABLES.shipments.name), ConsistentRead: true } as const);

/** Compares a page of the log with the rows of its shipments. */
async function checkLog(page: readonly StatusItem[], { target, mayLack }: ComparePorts): Promise<void> {
  const seen = statesIn(page);
  const keys = [...seen.keys()].map((shipment_id) => toAttributes({ shipment_id }));
  const rows = await rowsOf(reading('status', target), keys, target);
  const states = new Map(rows.map((item) => [stringOf(item, 'shipment_id'), stateIn(item)]));
  for (const [id, state] of seen) {
    const row = states.get(id);
    // The pass over the rows reports damaged ones.
    const isDamaged = states.has(id) && !row;
    if (!isDamaged && !(row && covers(row, state))) await mayLack(id, state);
  }
}

/** Compares the events that a page of rows names with the log. */
async function checkRows(page: readonly StatusItem[], { target, goneBefore, mayExceed }: ComparePorts): Promise<void> {
  const rows = page.map((item) => ({ id: stringOf(item, 'shipment_id') ?? '', state: stateIn(item) }));
  const keys = new Map(
    rows
      .flatMap(({ state }) => eventsOf(state ?? {}))
      .map(({ event_id, timestamp }) => [JSON.stringify([event_id, timestamp]), toAttributes({ event_id, timestamp })]),
  );
  const log = statesIn(await rowsOf(reading('log', target), [...keys.values()], target));
  for (const { id, state } of rows) {
    const logged = log.get(id) ?? {};
    if (!state || !covers(logged, withoutExpired(state, logged, goneBefore))) await mayExceed(id);
  }
}

function statesIn(logged: readonly StatusItem[]): ReadonlyMap<string, ShipmentState> {
  const states = new Map<string, ShipmentState>();
  for (const event of logged.map(readLoggedEvent))
    states.set(event.shipment_id, join(states.get(event.shipment_id) ?? {}, stateOf(event)));
  return states;
}
