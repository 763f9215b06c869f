import { statusRule } from '../../../contracts/statuses';
import type { Versioned } from '../../../src/domain/version';

/**
 * The order of events as the design words it, told independently of the version string: a closed status beats an open one, then
 * the later timestamp, then the higher rank, then the greater event id.
 * @returns positive when `a` wins
 */
export function compareByDesign(a: Versioned, b: Versioned): number {
  return (
    Number(statusRule(a.status).closed) - Number(statusRule(b.status).closed) ||
    a.timestamp - b.timestamp ||
    statusRule(a.status).rank - statusRule(b.status).rank ||
    Buffer.compare(Buffer.from(a.event_id), Buffer.from(b.event_id))
  );
}
