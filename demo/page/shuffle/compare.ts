import type { Row } from '../../../local/snapshot';
import type { Delivered } from './deliver';
import type { Write } from './write-tap';

/** Attributes that say when a function ran. Everything else must come out the same. */
const withoutClock = ({ notified_at, process_result, ...row }: Row): Row => {
  const { processed_at: _, ...result } = (process_result ?? {}) as Row;
  return { ...row, process_result: result, notified: notified_at !== undefined };
};

/** JSON with sorted keys: two rows are the same when theirs are. */
const canonical = (row: Row | undefined) =>
  JSON.stringify(row, (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

/** Differences between the rows of two deliveries of the same events, one line each. */
export function differences(a: Delivered, b: Delivered): string[] {
  const ids = new Set([...a.log, ...b.log].map(({ event_id }) => String(event_id)));
  const rows = ({ log }: Delivered, id: string) =>
    log
      .filter(({ event_id }) => event_id === id)
      .map(withoutClock)
      .map(canonical);
  return [
    ...[...ids].flatMap((id) => (same(rows(a, id), rows(b, id)) ? [] : [`the log rows of ${id} differ`])),
    ...(canonical(a.current) === canonical(b.current) ? [] : ['the status rows differ']),
    ...(same([...a.notified].sort(), [...b.notified].sort()) ? [] : ['other notifications were sent']),
  ];
}

const same = (a: readonly unknown[], b: readonly unknown[]) => JSON.stringify(a) === JSON.stringify(b);

/**
 * The status row that these very writes would leave in a table that keeps the last write: each replaces the row, whatever it says.
 * (The project's own writes carry a condition on the version.)
 */
export function lastWriteWins(writes: readonly Write[]): Row | undefined {
  let row: Row | undefined;
  for (const { table, item } of writes) if (table === 'status') row = item;
  return row;
}
