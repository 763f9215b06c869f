import { createHash } from 'node:crypto';
import { REDACTED } from '../../contracts/redaction';
import type { Status } from '../../contracts/statuses';
import { recordingProblem, timestampOf } from '../../contracts/storable';
import type { Envelope } from './envelope';
import { Rejected } from './failures';
import { canonicalJson, isObject, type Json, type JsonObject } from './json';

/** Detail of a shipment event, as every contract guarantees it. */
export interface ShipmentDetail {
  readonly shipment_id: string;
  readonly status: Status;
  readonly old_status?: Status | undefined;
  readonly event_id?: string | undefined;
  readonly occurred_at?: string | undefined;
  readonly notify?: boolean;
  readonly reason?: string;
  readonly corrected_by?: string | undefined;
  readonly corrects?: string | undefined;
}

/** An accepted event: everything about it that does not depend on who handles it, or when. */
export interface ShipmentEvent {
  readonly event_id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly shipment_id: string;
  readonly status: Status;
  readonly old_status?: Status;
  readonly detail_type: string;
  readonly metadata: JsonObject;
  /** Set only when the producer wants no notification. */
  readonly notify?: false;
  /** Of a correction: why, by whom, and the `event_id` of the mistaken event. */
  readonly reason?: string;
  readonly corrected_by?: string;
  readonly corrects?: string;
  /** The account that sent it, if the envelope has it; not part of its identity (docs/decisions/0016). */
  readonly account?: string;
  readonly payload_hash: string;
  /** The detail as received, without optional fields that are null: hashes of an earlier version cover it. */
  readonly received: JsonObject;
}

/**
 * Makes the event of a validated detail.
 * @param now epoch milliseconds by the handler's clock, only to refuse times in the future: no field depends on it
 * @throws Rejected naming the field
 */
export function shipmentEventOf(envelope: Envelope, detail: ShipmentDetail, now: number): ShipmentEvent {
  const received = isObject(envelope.detail) ? envelope.detail : {};
  const problem = recordingProblem(received, envelope.time, now);
  if (problem) throw new Rejected(`${problem.path} ${problem.message}`);
  // As received, not as validated, to keep every key that a producer sends.
  const metadata = isObject(received['metadata']) ? received['metadata'] : {};
  const timestamp = timestampOf(detail, envelope.time);
  const { shipment_id, status, old_status, event_id = envelope.id, notify, reason, corrected_by, corrects } = detail;
  return {
    event_id,
    timestamp,
    shipment_id,
    status,
    ...(old_status && { old_status }),
    detail_type: envelope.detailType,
    metadata,
    ...(notify === false && { notify }),
    ...(reason && { reason }),
    ...(corrected_by && { corrected_by }),
    ...(corrects && { corrects }),
    ...(envelope.account && { account: envelope.account }),
    payload_hash: payloadHash(envelope.detailType, received),
    received,
  };
}

/** The event without its producer's free text, for a notification after its row was redacted. */
export const withoutFreeText = ({ corrected_by: _, reason, ...event }: ShipmentEvent): ShipmentEvent => ({
  ...event,
  ...(reason && { reason: REDACTED }),
  metadata: {},
});

/**
 * `2:` (the scheme's version) and the SHA-256 of the canonical JSON of detail-type and detail as received. `event_id` and `occurred_at` are left
 * out, since they are the identity: a producer's retry may write the same instant differently.
 */
function payloadHash(detailType: string, { event_id: _, occurred_at: __, ...content }: JsonObject): string {
  return `2:${contentHash(detailType, content)}`;
}

const contentHash = (detailType: string, detail: Json) => sha256(canonicalJson({ detail, 'detail-type': detailType }));

/**
 * True when a stored hash is of this event's content, by the scheme that stored it; version 1 covered the whole detail.
 * @throws Error when a later release stored it
 */
export function hasContentOf(
  payload_hash: string,
  event: Pick<ShipmentEvent, 'payload_hash' | 'detail_type' | 'received'>,
) {
  if (payload_hash.startsWith('1:')) return payload_hash === `1:${contentHash(event.detail_type, event.received)}`;
  if (payload_hash.startsWith('2:')) return payload_hash === event.payload_hash;
  throw new Error(`the row's payload_hash is of a later release (${payload_hash}): deploy that release again`);
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
