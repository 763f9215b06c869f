import type { FailureKind } from '../../contracts/error-fields';
import { FUNCTION_KEYS, functionName } from '../../contracts/functions';
import { inEnvironment } from '../../contracts/names';
import { type EventIdentifiers, identifiersOf, isToken } from './envelope';
import { Conflict, MAX_MESSAGE_CHARACTERS, Rejected } from './failures';
import { beginningOf, canonicalJson, cutText, describeJson, isObject, type Json } from './json';
import { sha256 } from './shipment-event';

/** The key of a row in the error table. */
export interface ErrorKey {
  readonly error_id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** Type of a failure on its row: an announced kind, or `transient` until the retries are exhausted. */
export type ErrorType = Exclude<FailureKind, 'retries_exhausted'> | 'transient';

/** One failed attempt, ready to be written onto the row of its event. */
export interface Failure extends ErrorKey {
  readonly error_type: ErrorType;
  readonly error_message: string;
  readonly function_name: string;
  readonly shipment_id?: string;
  readonly event_id?: string;
  readonly event: string;
}

const MAX_EVENT_BYTES = 64 * 1_024;

/** The input as its row stores it: JSON, cut when it is long. */
export const keptEvent = (input: unknown) => cutText(describeJson(input), MAX_EVENT_BYTES);

/** Describes a failed attempt. Every attempt on the same event gives the same key, whatever the event is. Never throws. */
export function failureOf(input: unknown, error: unknown, functionName: string): Failure {
  const { envelopeId, time, ...reference }: EventIdentifiers = identifiersOf(input);
  return {
    error_id: `${functionName}/${envelopeId ?? `sha256:${sha256(identityOf(input))}`}`,
    timestamp: time,
    error_type: errorTypeOf(error),
    error_message: beginningOf(messageOf(error), MAX_MESSAGE_CHARACTERS),
    function_name: functionName,
    ...reference,
    event: keptEvent(input),
  };
}

/** Canonical JSON of the input, so that the order of its keys does not make two rows of one event. */
function identityOf(input: unknown): string {
  try {
    // JSON has no undefined, which is the input of an invocation without a payload.
    return input === undefined ? describeJson(input) : canonicalJson(input as Json);
  } catch {
    // Nested deeper than the stack: the description is the same for the same input.
    return describeJson(input);
  }
}

export function errorTypeOf(error: unknown): ErrorType {
  if (error instanceof Conflict) return 'conflict';
  return error instanceof Rejected ? 'rejected' : 'transient';
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${describeJson(error)}`;
  return error instanceof Rejected ? error.message : `${error.name}: ${error.message}`;
}

/** Kind of the announcement that is due after this attempt; undefined while Lambda will still retry. */
export function announcementDue(errorType: ErrorType, attempts: number, maxAttempts: number): FailureKind | undefined {
  if (errorType !== 'transient') return errorType;
  return attempts >= maxAttempts ? 'retries_exhausted' : undefined;
}

/**
 * The key of the row that an error event names; undefined unless a function of this environment may have written the row. Its id is the
 * function's name and the envelope's id, or a digest.
 */
export function rowNamedBy(detail: unknown, environment: string): ErrorKey | undefined {
  if (!isObject(detail)) return undefined;
  const { error_id, error_timestamp, function_name } = detail;
  const ours = FUNCTION_KEYS.map((key) => inEnvironment(functionName(key), environment));
  if (typeof function_name !== 'string' || !ours.includes(function_name)) return undefined;
  if (typeof error_id !== 'string' || !error_id.startsWith(`${function_name}/`)) return undefined;
  if (!isToken(error_id.slice(function_name.length + 1))) return undefined;
  if (typeof error_timestamp !== 'number' || !Number.isSafeInteger(error_timestamp) || error_timestamp < 0)
    return undefined;
  return { error_id, timestamp: error_timestamp };
}
