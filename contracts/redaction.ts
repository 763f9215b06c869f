/** Erasure of producers' free text from rows that are kept. */

/** Attribute of a log row whose free text was erased: when, in ISO 8601. */
export const REDACTED_AT = 'redacted_at';

/** Attributes with free text that an erasure removes from a log row. Its `metadata` becomes empty. */
export const REMOVED_BY_REDACTION = ['reason', 'corrected_by'] as const;

/**
 * Attribute of an error row whose free text was erased. Its value replaces the row's event and message, also those that a later attempt on the
 * same event would record.
 */
export const REDACTION = 'redaction';

/** Replaces an erased text. */
export const REDACTED = '[redacted]';
