/** What EventBridge's PutEvents takes in one call. */

export const ENTRIES_A_CALL = 10;

/** A call takes less than this: "less than 1MB" in the API reference, 256 KB until January 2026. */
export const CALL_BYTES = 1_000_000;

/** Several entries share a call up to the old figure, which any region and any stand-in takes; a larger event goes alone. */
export const SHARED_CALL_BYTES = 256_000;

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
