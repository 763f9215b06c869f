/** Adapter of a carrier platform: verifies its webhooks and reads shipment events from them. */
import type { Status } from '../contracts/statuses';

export interface WebhookRequest {
  /** Keyed by lower-case name, as in Node.js. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Raw bytes, which the signature covers. */
  readonly body: Uint8Array;
}

export type Verdict =
  | { readonly valid: true }
  /** `reason` contains nothing from the request. */
  | { readonly valid: false; readonly reason: string };

export interface ReadSettings {
  /** IANA name of the zone in which times without a trustworthy offset are read, like `Europe/Berlin`. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A shipment event for the bus. Every webhook that reports it gives it the same identity. */
export interface CarrierEvent {
  readonly detailType: 'Shipment Status Updated';
  readonly detail: {
    readonly shipment_id: string;
    readonly status: Status;
    readonly event_id: string;
    readonly occurred_at: string;
    readonly metadata: CarrierMetadata;
  };
}

/** Not an interface, which could not be assigned to metadata with arbitrary keys. */
export type CarrierMetadata = {
  readonly origin?: string;
  readonly destination?: string;
  readonly carrier?: string;
  readonly estimated_days?: number;
};

/** A status word that is missing in the mapping table, reported once per webhook, with its first scan. */
export interface UnknownStatus {
  /** The platform's word, cut to 64 printable ASCII characters. */
  readonly word: string;
  readonly trackingNumber: string;
  /** Path in the payload, like `result.tracking_details[2].status`. */
  readonly field: string;
}

/** An unreadable scan in a webhook whose other scans are readable. */
export interface UnreadableScan {
  readonly trackingNumber: string;
  /** Path in the payload, like `result.tracking_details[2].datetime`. */
  readonly field: string;
  /** Completes a sentence that begins with the field; contains nothing from the request. */
  readonly problem: string;
}

export interface CarrierEvents {
  /** Empty when the webhook is not about tracking. */
  readonly events: readonly CarrierEvent[];
  readonly unknownStatuses: readonly UnknownStatus[];
  readonly unreadable: readonly UnreadableScan[];
}

export interface Carrier {
  /**
   * Verifies in constant time that the request is signed with one of the secrets (two during a rotation). A signed timestamp must be
   * within five minutes of `now` (epoch milliseconds).
   */
  verify(request: WebhookRequest, secrets: readonly string[], now: number): Verdict;

  /**
   * Reads shipment events from a webhook's parsed JSON, one for each scan of the history that it repeats.
   * @throws UnreadableWebhook naming the field, when no scan of a tracking webhook is readable
   * @throws RangeError when `timeZone` is unknown
   */
  toEvents(payload: unknown, settings: ReadSettings): CarrierEvents;
}

/** A webhook that does not match the platform's documentation. The message names the field and contains nothing from the request. */
export class UnreadableWebhook extends Error {
  override readonly name = 'UnreadableWebhook';

  /**
   * @param field path in the payload
   * @param problem completes a sentence that begins with the field
   */
  constructor(
    readonly field: string,
    readonly problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}
