import * as v from 'valibot';
import { token } from './fields';

const sentence = v.string('must be a string');

/** Fields of every error event; further fields are passed on as details. */
export const errorFields = {
  error_type: sentence,
  error_message: sentence,
};

/** The kinds of failure this system announces on the bus. */
export const FAILURE_KINDS = ['rejected', 'conflict', 'retries_exhausted'] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/**
 * Detail of the announcement of a failure in this system, validated strictly before it is sent. `error_id` and `error_timestamp`
 * (epoch milliseconds) are the key of the row in the error table.
 */
export const announcedFailure = v.strictObject({
  ...errorFields,
  error_type: v.picklist(FAILURE_KINDS),
  error_id: sentence,
  error_timestamp: v.pipe(v.number(), v.integer()),
  function_name: sentence,
  event_id: v.optional(token),
  shipment_id: v.optional(token),
});

export type AnnouncedFailure = v.InferOutput<typeof announcedFailure>;
