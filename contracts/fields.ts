/** Fields that the contracts share. Every message completes the sentence "detail.<field> …" and says what to send instead. */
import * as v from 'valibot';
import { withJsonSchema } from './json-schema';
import { INSTANT_FORM, parseInstant } from './rfc3339';
import { OPEN_STATUSES, STATUSES } from './statuses';

/** The longest delivery estimate: ten years. A longer one is a mistake, and may be beyond the dates that JavaScript has. */
export const MAX_ESTIMATED_DAYS = 3_650;

const text = v.string('must be a string');

/** An identifier, which appears in keys, logs and mail subjects: printable ASCII without spaces, from `!` (0x21) to `~` (0x7E). */
export const token = v.pipe(
  text,
  v.regex(/^[!-~]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces'),
);

/** A text of 1 to `limit` characters: code points, as JSON Schema counts them. */
export const textOf = (limit: number) =>
  v.pipe(
    text,
    withJsonSchema(
      v.check((value: string) => value.length > 0 && [...value].length <= limit, `must be 1 to ${limit} characters`),
      { minLength: 1, maxLength: limit },
    ),
  );

export const instant = v.pipe(
  text,
  withJsonSchema(
    v.check(
      (value: string) => parseInstant(value) !== undefined,
      'must be an RFC 3339 date-time with an offset, like 2026-03-01T09:30:00Z',
    ),
    INSTANT_FORM,
  ),
);

export const status = v.picklist(STATUSES, `must be one of ${STATUSES.join(', ')}`);

export const openStatus = v.picklist(OPEN_STATUSES, `must be one of ${OPEN_STATUSES.join(', ')}`);

/** Fields of `metadata` that are validated; other keys are kept as received. */
export const metadataFields = {
  origin: v.optional(text),
  destination: v.optional(text),
  carrier: v.optional(text),
  estimated_days: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.minValue(0, 'must be at least 0'),
      v.maxValue(MAX_ESTIMATED_DAYS, `must be at most ${MAX_ESTIMATED_DAYS}`),
    ),
  ),
};

const openMetadata = v.looseObject(metadataFields, 'must be a JSON object');

export const metadata = v.pipe(
  // A list is an object to valibot, so it is refused first.
  v.custom<v.InferInput<typeof openMetadata>>((value) => !Array.isArray(value), 'must be a JSON object, not a list'),
  openMetadata,
);

/** Fields that every shipment event may have beside its status. */
export const shipmentFields = {
  shipment_id: token,
  metadata: v.optional(metadata),
  /** `false`: the event is recorded and advances the status, and no notification is sent about it. */
  notify: v.optional(v.boolean('must be true or false'), true),
  event_id: v.optional(token),
  occurred_at: v.optional(instant),
};

/** Fields of a correction beside the status that is true. */
export const correctionFields = {
  reason: textOf(500),
  corrected_by: v.optional(textOf(256)),
  /** The `event_id` of the mistaken event, for readers: which events count is decided by the correction's time alone. */
  corrects: v.optional(token),
};
