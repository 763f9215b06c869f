import { createHash } from 'node:crypto';
import { type Status, statusRule } from '../../contracts/statuses';
import { recordingProblem, timestampOf } from '../../contracts/storable';
import type { Envelope } from './envelope';
import { Rejected } from './failures';
import { canonicalJson, isObject, type Json, type JsonObject } from './json';
import { versionOf } from './version';

/** What every contract of a shipment event guarantees about its detail. */
export interface ShipmentDetail {
  readonly shipment_id: string;
  readonly status: Status;
  readonly old_status?: Status | undefined;
  readonly event_id?: string | undefined;
  readonly occurred_at?: string | undefined;
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
  readonly payload_hash: string;
  readonly version: string;
}

/**
 * Reads the event out of a validated detail.
 * @param now epoch milliseconds by the handler's clock; it only refuses times in the future and goes into nothing
 * @throws Rejected naming the field
 */
export function shipmentEventOf(envelope: Envelope, detail: ShipmentDetail, now: number): ShipmentEvent {
  const received = isObject(envelope.detail) ? envelope.detail : {};
  const problem = recordingProblem(received, envelope.time, now);
  if (problem) throw new Rejected(`${problem.path} ${problem.message}`);
  // As received, not as validated: every key a producer sends is kept.
  const metadata = isObject(received['metadata']) ? received['metadata'] : {};
  const timestamp = timestampOf(detail, envelope.time);
  const { shipment_id, status, old_status, event_id = envelope.id } = detail;
  return {
    event_id,
    timestamp,
    shipment_id,
    status,
    ...(old_status && { old_status }),
    detail_type: envelope.detailType,
    metadata,
    payload_hash: payloadHash(envelope.detailType, received),
    version: versionOf({ status, timestamp, event_id }),
  };
}

/** `1:` (the scheme's version) and the SHA-256 of the canonical JSON of detail-type and detail as received. */
export function payloadHash(detailType: string, detail: Json): string {
  return `1:${sha256(canonicalJson({ detail, 'detail-type': detailType }))}`;
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Whether people are told about this event. */
export const notifies = (event: ShipmentEvent) => statusRule(event.status).notifies;
