import { UserError } from '../../lib/user-error.mjs';
import { type FailedEvent, failureGroupOf } from '../../src/domain/failure-group';
import type { Target } from '../target/target';
import { lastSeen } from './error-row';

/** No queue has a message of the group: it was handled, or its events never had a row. */
export const noneOf = (group: string, target: Target) =>
  new UserError(`no queue has an event of the group ${group}: \`${target.command`errors --group`}\` lists the groups`);

/** Groups that are counted apart. Whoever sends ever new messages must not fill the memory. */
const MAX_GROUPS = 1_000;

/** Rows of the error table with one cause. */
export interface FailureGroupCount {
  readonly group: string;
  failures: number;
  /** Those among them that an operator has discarded. */
  discarded: number;
  readonly error_type: string | null;
  readonly function_name: string | null;
  /** ISO 8601. */
  first_seen_at: string;
  last_seen_at: string;
  /** The one that was seen last. */
  error_id: string;
  readonly shape: string;
}

type Row = FailedEvent & Readonly<Record<string, unknown>>;

/** Counts failures by cause, in memory that does not grow with their number. */
export class FailureGroups {
  private readonly groups = new Map<string, FailureGroupCount>();
  /** Failures of causes beyond the first thousand. */
  uncounted = 0;

  add(row: Row): void {
    const { group, shape } = failureGroupOf(row);
    const seen = lastSeen(row);
    const first = String(row['first_seen_at'] ?? seen);
    const known = this.groups.get(group);
    if (!known && this.groups.size >= MAX_GROUPS) {
      this.uncounted += 1;
      return;
    }
    const counted = known ?? {
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

  /** The largest first. */
  list(): readonly FailureGroupCount[] {
    return [...this.groups.values()].sort((a, b) => b.failures - a.failures);
  }
}
