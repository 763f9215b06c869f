/** A shipment's status row beside what its log makes of it. */
import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { MIN_EVENT_RETENTION_DAYS } from '../../contracts/retention';
import { readShipmentRow } from '../../src/adapters/shipments';
import { rowOf, stateOfRow } from '../../src/domain/shipment-row';
import { join, type ShipmentState } from '../../src/domain/shipment-state';
import { type Versioned, versionOf } from '../../src/domain/version';

export type StatusItem = Readonly<Record<string, AttributeValue>>;

/**
 * - `missing`: there is no row, and the log has events.
 * - `behind`: the row lacks events of the log.
 * - `ahead`: the row has an event that the log does not have, or has otherwise.
 * - `damaged`: no function writes such a row.
 */
export type DifferenceKind = 'missing' | 'behind' | 'ahead' | 'damaged';

export interface Difference {
  readonly shipment_id: string;
  readonly kind: DifferenceKind;
  readonly item: StatusItem | undefined;
  readonly log: ShipmentState;
  /** Events that decide the status and are on one side only: of the log when the row is missing or behind, else of the row. */
  readonly events: readonly Versioned[];
}

/** The state that a row holds; undefined when no function writes such a row. */
export function stateIn(item: StatusItem): ShipmentState | undefined {
  try {
    const row = readShipmentRow(item);
    const state = join({}, stateOfRow(row));
    return isDeepStrictEqual(rowOf(row.shipment_id, state), row) ? state : undefined;
  } catch {
    // An unknown status, or a version that names no event.
    return undefined;
  }
}

/** Whether a state has all that another one has. */
export const covers = (state: ShipmentState, other: ShipmentState) =>
  isDeepStrictEqual(versionsIn(join(state, other)), versionsIn(state));

/**
 * A row's state without the events that the log may have let go: older than its shortest retention, and not in it.
 * @param goneBefore epoch milliseconds; 0 when the log is kept for ever
 */
export function withoutExpired(
  { correction, closed, open }: ShipmentState,
  log: ShipmentState,
  goneBefore: number,
): ShipmentState {
  const stays = (event: Versioned | undefined) => event && (event.timestamp >= goneBefore || has(log, event));
  return {
    ...(correction && stays(correction) && { correction }),
    ...(closed && stays(closed) && { closed }),
    ...(open && stays(open) && { open }),
  };
}

export function differenceOf(
  shipment_id: string,
  item: StatusItem | undefined,
  log: ShipmentState,
  goneBefore: number,
): Difference | undefined {
  const known = { shipment_id, item, log };
  if (!item) return eventsOf(log).length > 0 ? { ...known, kind: 'missing', events: eventsOf(log) } : undefined;
  const row = stateIn(item);
  if (!row) return { ...known, kind: 'damaged', events: [] };
  const unexpired = withoutExpired(row, log, goneBefore);
  if (!covers(log, unexpired)) return { ...known, kind: 'ahead', events: without(unexpired, log) };
  return covers(row, log) ? undefined : { ...known, kind: 'behind', events: without(log, row) };
}

/** In an order in which a row that is written one by one changes its status once. */
export const eventsOf = ({ correction, closed, open }: ShipmentState): Versioned[] =>
  [closed, open, correction].filter((event) => event !== undefined);

export const has = (state: ShipmentState, event: Versioned) => versionsIn(state).includes(versionOf(event));

const without = (state: ShipmentState, other: ShipmentState) => eventsOf(state).filter((event) => !has(other, event));

const versionsIn = ({ correction, closed, open }: ShipmentState) =>
  [correction, closed, open].map((event) => event && versionOf(event));

/**
 * The time before which events may have gone from the log: by the shortest retention that there can have been, since the parameter may have been
 * another one when they were handled.
 * @param days the stack's `EventRetentionDays`
 * @param now epoch milliseconds
 * @returns epoch milliseconds; 0 when the log is kept for ever
 */
export const goneBefore = (days = '0', now: number): number =>
  days === '0' ? 0 : now - MIN_EVENT_RETENTION_DAYS * 86_400_000;
