import { UserError } from '../../lib/user-error.mjs';
import { type FailedEvent, failureGroupOf } from '../../src/domain/failure-group';
import type { Target } from '../target/target';
import { lastSeen } from './error-row';

/** Error for a group without messages: they were handled, or their events never had a row. */
export const noSuchGroup = (group: string, target: Target) =>
  new UserError(`no queue has an event of the group ${group}: \`${target.command`errors --group`}\` lists the groups`);

/** Limit that keeps a producer of ever new error messages from filling the memory. */
const MAX_GROUPS = 1_000;

type Row = FailedEvent & Readonly<Record<string, unknown>>;

type Group = ReturnType<typeof newGroup>;

const firstSeen = (row: Row) => String(row['first_seen_at'] ?? lastSeen(row));

/** A group before its first failure, of this row, is counted. */
const newGroup = (group: string, shape: string, row: Row) => ({
  group,
  failures: 0,
  /** Failures whose message an operator has discarded. */
  discarded: 0,
  error_type: row.error_type ?? null,
  function_name: row.function_name ?? null,
  /** ISO 8601. */
  first_seen_at: firstSeen(row),
  last_seen_at: '',
  /** The latest failure's row. */
  error_id: '',
  shape,
});

/** Counts failures by cause. @returns the groups, the largest first, and the number of failures of further causes */
export async function failureGroupsOf(pages: AsyncIterable<readonly Row[]>) {
  const groups = new Map<string, Group>();
  let uncounted = 0;
  for await (const page of pages)
    for (const row of page) {
      const { group, shape } = failureGroupOf(row);
      const known = groups.get(group);
      if (!known && groups.size >= MAX_GROUPS) uncounted += 1;
      else groups.set(group, withFailure(row, known ?? newGroup(group, shape, row)));
    }
  return { groups: [...groups.values()].sort((a, b) => b.failures - a.failures), uncounted };
}

/** Counts a failure of the group. */
function withFailure(row: Row, group: Group): Group {
  const seen = lastSeen(row);
  const first = firstSeen(row);
  group.failures += 1;
  if (row['discarded_at']) group.discarded += 1;
  if (first < group.first_seen_at) group.first_seen_at = first;
  if (seen >= group.last_seen_at) {
    group.last_seen_at = seen;
    group.error_id = String(row['error_id']);
  }
  return group;
}
