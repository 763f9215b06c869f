/**
 * Limits of a shipment event that its schema cannot express: they need a clock, the log or the table. The domain enforces them; the published
 * documents name them.
 */

/** Epoch milliseconds, before any shipment that this system can know of. */
export const EARLIEST_OCCURRENCE = Date.UTC(2000, 0, 1);

/** How far a producer's clock may be ahead of ours. An event further in the future would supersede all later ones. */
export const MAX_MINUTES_AHEAD = 15;

/** DynamoDB allows 32 levels of nesting in an item; the row and its `metadata` take the first two. */
export const MAX_NESTING = 30;

/** Maximum size of an item in DynamoDB. */
export const MAX_ITEM_BYTES = 400 * 1_024;

/** Magnitudes of DynamoDB's numbers: zero, or from 1E-130 to just below 1E+126 (with 38 digits, more than a double has). */
export const SMALLEST_MAGNITUDE = 1e-130;
export const MAGNITUDE_LIMIT = 1e126;

/** These limits as text, each completing "refused as well: …". */
export const SHIPMENT_LIMITS: readonly string[] = [
  `a time before ${new Date(EARLIEST_OCCURRENCE).getUTCFullYear()} or more than ${MAX_MINUTES_AHEAD} minutes ahead of the clock`,
  'an event_id and occurred_at that are on record with another content',
  `numbers that are neither 0 nor from ${SMALLEST_MAGNITUDE} to below ${MAGNITUDE_LIMIT}, halves of surrogate pairs, keys that are empty or __proto__`,
  `nesting beyond ${MAX_NESTING} levels, and more than an item of DynamoDB holds (${MAX_ITEM_BYTES / 1_024} KB)`,
];
