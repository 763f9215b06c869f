import { UserError } from '../../lib/user-error.mjs';
import { type FailedEvent, failureGroupOf } from '../../src/domain/failure-group';
import type { Target } from '../target/target';
import { lastSeen } from './error-row';

/** Error for a group without messages: they were handled, or their events never had a row. */
export const noSuchGroup = (group: string, target: Target) =>
  new UserError(`no queue has an event of the group ${group}: \`${target.command`errors --group`}\` lists the groups`);

/** Limit that keeps a producer of ever new error messages from filling the memory. */
const MAX_GROUPS = 1_000;

export interface FailureGroupCount {
  readonly group: string;
  failures: number;
  /** Failures whose message an operator has discarded. */
  discarded: number;
  readonly error_type: string | null;
  readonly function_name: string | null;
  /** ISO 8601. */
  first_seen_at: string;
  last_seen_at: string;
  /** The latest failure's row. */
  error_id: string;
  readonly shape: string;
}

type Row = FailedEvent & Readonly<Record<string, unknown>>;

export class FailureGroups {
  private readonly groups = new Map<string, FailureGroupCount>();
  /** Failures of further causes. */
  uncounted = 0;

  add(row: Row): void {
    const { group, shape } = failureGroupOf(row);
    const seen = lastSeen(row);
    const first = String(row['first_seen_at'] ?? seen);
    const existing = this.groups.get(group);
    if (!existing && this.groups.size >= MAX_GROUPS) {
      this.uncounted += 1;
      return;
    }
    const counted = existing ?? {
      group,
      failures: 0,
      discarded: 0,
      error_type: row.error_type ?? null,
      function_name: row.function_name ?? null,
      first_seen_at: first,
      last_seen_at: '',
      error_id: '',
      shape,
    };
    this.groups.set(group, counted);
    counted.failures += 1;
    if (row['discarded_at']) counted.discarded += 1;
    if (first < counted.first_seen_at) counted.first_seen_at = first;
    if (seen >= counted.last_seen_at) {
      counted.last_seen_at = seen;
      counted.error_id = String(row['error_id']);
    }
  }

  list(): readonly FailureGroupCount[] {
    return [...this.groups.values()].sort((a, b) => b.failures - a.failures);
  }
}
