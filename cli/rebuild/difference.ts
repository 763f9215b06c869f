/** Compares a shipment's status row with the state that its log gives. */
import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { MIN_EVENT_RETENTION_DAYS } from '../../contracts/retention';
import { readShipmentRow } from '../../src/adapters/shipments';
import { rowOf, stateOfRow } from '../../src/domain/shipment-row';
import { join, type ShipmentState } from '../../src/domain/shipment-state';
import { type Versioned, versionOf } from '../../src/domain/version';

export type StatusItem = Readonly<Record<string, AttributeValue>>;

/**
 * - `missing`: the log has events, but there is no row.
 * - `behind`: the row lacks events of the log.
 * - `ahead`: the row has an event that the log lacks or has with other data.
 * - `damaged`: no function writes such a row.
 */
export type DifferenceKind = 'missing' | 'behind' | 'ahead' | 'damaged';

export interface Difference {
  readonly shipment_id: string;
  readonly kind: DifferenceKind;
  readonly item: StatusItem | undefined;
  readonly log: ShipmentState;
  /** Deciding events that only one side has: the log when the row is missing or behind, else the row. */
  readonly events: readonly Versioned[];
}

/** State in a row; undefined when no function writes such a row. */
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

/** True when joining the other state into a state changes nothing. */
export const covers = (state: ShipmentState, other: ShipmentState) =>
  isDeepStrictEqual(versionsIn(join(state, other)), versionsIn(state));

/**
 * A row's state without the events that may have expired from the log: older than the shortest retention, and not in the log.
 * @param goneBefore epoch milliseconds; 0 when the log is kept for ever
 */
export function withoutExpired(
  { correction, closed, open }: ShipmentState,
  log: ShipmentState,
  goneBefore: number,
): ShipmentState {
  const isKept = (event: Versioned) => event.timestamp >= goneBefore || hasEvent(log, event);
  return {
    ...(correction && isKept(correction) && { correction }),
    ...(closed && isKept(closed) && { closed }),
    ...(open && isKept(open) && { open }),
  };
}

export function differenceOf(
  shipment_id: string,
  item: StatusItem | undefined,
  log: ShipmentState,
  goneBefore: number,
): Difference | undefined {
  const common = { shipment_id, item, log };
  if (!item) return eventsOf(log).length > 0 ? { ...common, kind: 'missing', events: eventsOf(log) } : undefined;
  const row = stateIn(item);
  if (!row) return { ...common, kind: 'damaged', events: [] };
  const unexpired = withoutExpired(row, log, goneBefore);
  if (!covers(log, unexpired)) return { ...common, kind: 'ahead', events: without(unexpired, log) };
  return covers(row, log) ? undefined : { ...common, kind: 'behind', events: without(log, row) };
}

/** The deciding events, in an order in which writing them one by one changes the row's status only once. */
export const eventsOf = ({ correction, closed, open }: ShipmentState): Versioned[] =>
  [closed, open, correction].filter((event) => event !== undefined);

export const hasEvent = (state: ShipmentState, event: Versioned) => versionsIn(state).includes(versionOf(event));

const without = (state: ShipmentState, other: ShipmentState) =>
  eventsOf(state).filter((event) => !hasEvent(other, event));

const versionsIn = ({ correction, closed, open }: ShipmentState) =>
  [correction, closed, open].map((event) => event && versionOf(event));

/**
 * Time before which events may have expired from the log, in epoch milliseconds; 0 when the log is kept for ever. Assumes the shortest retention,
 * since the parameter may have changed after the events were handled.
 * @param days the stack's `EventRetentionDays`
 * @param now epoch milliseconds
 */
export const goneBefore = (days = '0', now: number): number =>
  days === '0' ? 0 : now - MIN_EVENT_RETENTION_DAYS * 86_400_000;
