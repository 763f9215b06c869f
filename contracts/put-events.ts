/** Limits of EventBridge's PutEvents, and the meaning of its refusals. */

export const ENTRIES_A_CALL = 10;

/** A call must have fewer bytes: "less than 1MB" in the API reference, 256 KB until January 2026. */
export const CALL_BYTES = 1_000_000;

/** Entries share a call up to the old limit, which every region and emulator accepts; a larger event is sent alone. */
const SHARED_CALL_BYTES = 256_000;

/** True when one more entry, of this many bytes, fits into a call that has some already. */
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

/** Error codes of entries that are refused again on every retry, from PutEvents' API reference. */
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
 * True when a retry of an entry that was refused with this code may succeed. So may one with an unknown code; an entry with neither id nor
 * code may already be on the bus, and is not sent twice.
 */
export const mayPass = (errorCode: string | undefined) => errorCode !== undefined && !PERMANENT.has(errorCode);
