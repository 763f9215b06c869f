/**
 * Write units by DynamoDB's published rules (Developer Guide, "DynamoDB read and write operations" and, of "Using Global Secondary Indexes in
 * DynamoDB", "Provisioned throughput considerations"), as they stood in November 2026. Nothing here was measured by DynamoDB.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Item, itemSize, only } from './item';

export interface IndexRules {
  /** The attributes of its key. */
  readonly key: readonly string[];
  /** The attributes that it copies, its keys and the table's among them. */
  readonly copies: readonly string[] | 'all';
}

/** Outcome of one write request. */
export type Change =
  | { readonly condition: 'held'; readonly before?: Item | undefined; readonly after: Item }
  /** `put` is the item of a PutItem; an UpdateItem brings none. */
  | { readonly condition: 'failed'; readonly before?: Item | undefined; readonly put?: Item | undefined };

export interface Units {
  readonly table: number;
  /** Of all indexes together. */
  readonly indexes: number;
}

/** One unit for each kilobyte begun, and one at least. */
const unitsOf = (item: Item | undefined) => Math.max(1, Math.ceil(itemSize(item ?? {}) / 1_024));

/** An item costs by its size before or after, whichever is larger; a condition that fails by the larger of what stands there and what was put. */
export function writeUnits(change: Change, indexes: readonly IndexRules[]): Units {
  const { before } = change;
  if (change.condition === 'failed') return { table: Math.max(unitsOf(before), unitsOf(change.put)), indexes: 0 };
  const { after } = change;
  return {
    table: Math.max(unitsOf(before), unitsOf(after)),
    indexes: indexes.reduce((sum, index) => sum + indexUnits(index, before, after), 0),
  };
}

/** Nothing for an entry that stays as it is; a write for one that is new, gone or changed; two for one whose key changes. */
function indexUnits({ key, copies }: IndexRules, before: Item | undefined, after: Item): number {
  const entry = (item: Item | undefined) => {
    if (!item || key.some((name) => item[name] === undefined)) return undefined;
    return copies === 'all' ? item : only(item, copies);
  };
  const [old, now] = [entry(before), entry(after)];
  if (isDeepStrictEqual(old, now)) return 0;
  if (!old || !now) return unitsOf(old ?? now);
  if (isDeepStrictEqual(only(old, key), only(now, key))) return Math.max(unitsOf(old), unitsOf(now));
  return unitsOf(old) + unitsOf(now);
}
