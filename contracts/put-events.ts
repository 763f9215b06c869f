/** Limits of EventBridge's PutEvents, and the meaning of its refusals. */

/** Entries. */
export const ENTRIES_A_CALL = 10;

/** A call takes less than this: "less than 1MB" in the API reference, 256 KB until January 2026. */
export const CALL_BYTES = 1_000_000;

/** Several entries share a call up to the old figure, which any region and any stand-in takes; a larger event goes alone. */
const SHARED_CALL_BYTES = 256_000;

/** True when one more entry, of this many bytes, may go into a call that has some already. */
export const sharesCall = (entry: number, call: { readonly entries: number; readonly bytes: number }) =>
  call.entries < ENTRIES_A_CALL && call.bytes + entry <= SHARED_CALL_BYTES;

interface Entry {
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
  readonly hasTime: boolean;
}

/** Bytes of an entry by the formula of EventBridge's user guide ("Calculating PutEvents event entry size"). */
export const entryBytes = ({ source, detailType, detail, hasTime }: Entry) =>
  (hasTime ? 14 : 0) + Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);

/** Refusals of an entry that no retry changes, from PutEvents' API reference. */
const PERMANENT: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'InvalidAccountIdException',
  'InvalidArgument',
  'MalformedDetail',
  'RedactionFailure',
  'NotAuthorizedForSourceException',
  'NotAuthorizedForDetailTypeException',
]);

/**
 * True when an entry that was refused with this code may be taken the next time. A code that we do not know may pass; an entry that got
 * neither id nor code may be on the bus, and is not sent twice.
 */
export const mayPass = (errorCode: string | undefined) => errorCode !== undefined && !PERMANENT.has(errorCode);
