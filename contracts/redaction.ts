/** Erasure of what producers wrote in free text, from rows that stay. */

/** Attribute of a log row whose free text was erased: when, in ISO 8601. */
export const REDACTED_AT = 'redacted_at';

/** Attributes of a log row with free text that an erasure removes. Its `metadata` becomes empty. */
export const REMOVED_BY_REDACTION = ['reason', 'corrected_by'] as const;

/**
 * Attribute of an error row whose free text was erased. Its value stands in place of the row's event and message, also of those that a later attempt
 * on the same event would record.
 */
export const REDACTION = 'redaction';

/** The text that stands in place of an erased one. */
export const REDACTED = '[redacted]';
