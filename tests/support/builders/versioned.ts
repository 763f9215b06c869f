import fc from 'fast-check';
import { STATUSES } from '../../../contracts/statuses';
import type { Versioned } from '../../../src/domain/version';

/** Fields that decide an event's order, with few times and short ids, so that ties are frequent. */
export const versioned: fc.Arbitrary<Versioned> = fc.record({
  status: fc.constantFrom(...STATUSES),
  timestamp: fc.oneof(fc.integer({ min: 946_684_800_000, max: 946_684_800_003 }), fc.integer({ min: 0, max: 8.64e15 })),
  event_id: fc.stringMatching(/^[\x21-\x7e]{1,6}$/),
});
