/**
 * Write units by DynamoDB's published rules (Developer Guide, "DynamoDB read and write operations" and, of "Using Global Secondary Indexes in
 * DynamoDB", "Provisioned throughput considerations") of November 2026. DynamoDB itself measured none of it.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Item, itemSize, only } from './item';

export interface IndexRules {
  /** Attributes of the index's key. */
  readonly key: readonly string[];
  /** Projected attributes, including the keys of index and table. */
  readonly copies: readonly string[] | 'all';
}

/** Outcome of one write request. */
export type Change =
  | { readonly condition: 'held'; readonly before?: Item | undefined; readonly after: Item }
  /** `put` is the item of a PutItem; an UpdateItem has none. */
  | { readonly condition: 'failed'; readonly before?: Item | undefined; readonly put?: Item | undefined };

export interface Units {
  readonly table: number;
  /** Sum of all indexes. */
  readonly indexes: number;
}

/** One unit for each kilobyte or part of it, at least one. */
const unitsOf = (item: Item | undefined) => Math.max(1, Math.ceil(itemSize(item ?? {}) / 1_024));

/** Units by the larger size of the item before and after or, when the condition fails, of the stored and the put item. */
export function writeUnits(change: Change, indexes: readonly IndexRules[]): Units {
  const { before } = change;
  if (change.condition === 'failed') return { table: Math.max(unitsOf(before), unitsOf(change.put)), indexes: 0 };
  const { after } = change;
  return {
    table: Math.max(unitsOf(before), unitsOf(after)),
    indexes: indexes.reduce((sum, index) => sum + indexUnits(index, before, after), 0),
  };
}

/** No write for an unchanged entry, one for a new, removed or changed entry, two for an entry with a changed key. */
function indexUnits({ key, copies }: IndexRules, before: Item | undefined, after: Item): number {
  const entry = (item: Item | undefined) => {
    if (!item || key.some((name) => item[name] === undefined)) return undefined;
    return copies === 'all' ? item : only(item, copies);
  };
  const [oldEntry, newEntry] = [entry(before), entry(after)];
  if (isDeepStrictEqual(oldEntry, newEntry)) return 0;
  if (!oldEntry || !newEntry) return unitsOf(oldEntry ?? newEntry);
  if (isDeepStrictEqual(only(oldEntry, key), only(newEntry, key)))
    return Math.max(unitsOf(oldEntry), unitsOf(newEntry));
  return unitsOf(oldEntry) + unitsOf(newEntry);
}
