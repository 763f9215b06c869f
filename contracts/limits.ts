/**
 * Limits of a well-formed shipment event that need more than the detail's shape: a clock, the log, the table.
 * The domain holds events to these figures; the published documents name them.
 */

/** Epoch milliseconds. Older than any shipment this system can know of. */
export const EARLIEST_OCCURRENCE = Date.UTC(2000, 0, 1);

/** How far a producer's clock may be ahead of ours: beyond it, one bad clock would win over every event to come. */
export const MAX_MINUTES_AHEAD = 15;

/** DynamoDB allows 32 levels of nesting in an item; the row and its `metadata` take the first two. */
export const MAX_NESTING = 30;

/** The most that an item of DynamoDB may have. */
export const MAX_ITEM_BYTES = 400 * 1_024;

/** Magnitudes DynamoDB's numbers hold: zero, or from 1E-130 to just below 1E+126 (38 digits, more than a double has). */
export const SMALLEST_MAGNITUDE = 1e-130;
export const MAGNITUDE_LIMIT = 1e126;

/** The same as text, each completing "refused as well: …". */
export const SHIPMENT_LIMITS: readonly string[] = [
  `a time before ${new Date(EARLIEST_OCCURRENCE).getUTCFullYear()} or more than ${MAX_MINUTES_AHEAD} minutes ahead of the clock`,
  'an event_id and occurred_at that are on record with another content',
  `numbers that are neither 0 nor from ${SMALLEST_MAGNITUDE} to below ${MAGNITUDE_LIMIT}, halves of surrogate pairs, keys that are empty or __proto__`,
  `nesting beyond ${MAX_NESTING} levels, and more than an item of DynamoDB holds (${MAX_ITEM_BYTES / 1_024} KB)`,
];
