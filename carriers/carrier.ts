/** Webhooks of a carrier platform: their signature, and the shipment events that they report. */
import type { Status } from '../contracts/statuses';

/** A webhook call as it was received. */
export interface WebhookRequest {
  /** By lower-case name, as Node.js has them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as received: the signature covers them, not what a parser makes of them. */
  readonly body: Uint8Array;
}

export type Verdict =
  | { readonly valid: true }
  /** `reason` is text of ours and holds nothing that was received. */
  | { readonly valid: false; readonly reason: string };

export interface ReadSettings {
  /** IANA name of the zone in which times without a trustworthy offset are read, like `Europe/Berlin`. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A shipment event as the bus takes it; its identity is the same in every webhook that reports it. */
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

/** Not an interface: it is assigned to metadata of any keys. */
export type CarrierMetadata = {
  readonly origin?: string;
  readonly destination?: string;
  readonly carrier?: string;
  readonly estimated_days?: number;
};

/** A status word that the mapping table does not have, once a webhook, with the first scan that has it. */
export interface UnknownStatus {
  /** The platform's word, cut to 64 printable ASCII characters. */
  readonly word: string;
  readonly trackingNumber: string;
  /** Path in the payload, like `result.tracking_details[2].status`. */
  readonly field: string;
}

/** A scan that could not be read while others of the same webhook could. */
export interface UnreadableScan {
  readonly trackingNumber: string;
  /** Path in the payload, like `result.tracking_details[2].datetime`. */
  readonly field: string;
  /** Completes a sentence that begins with the field; holds nothing that was received. */
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
   * Checks that the platform sent the request, in constant time, by any of the secrets (two while one is rotated). Where the platform signs
   * a timestamp, it must be within five minutes of `now` (epoch milliseconds).
   */
  verify(request: WebhookRequest, secrets: readonly string[], now: number): Verdict;

  /**
   * Reads the shipment events of a webhook's parsed JSON. A webhook may repeat the whole history of a shipment: each scan is one event.
   * @throws UnreadableWebhook naming the field, when nothing of a tracking webhook can be read
   * @throws RangeError when `timeZone` is not a zone
   */
  toEvents(payload: unknown, settings: ReadSettings): CarrierEvents;
}

/** A webhook that is not what the platform's documentation says. The message names the field and holds nothing that was received. */
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
