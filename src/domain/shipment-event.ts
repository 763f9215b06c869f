import { createHash } from 'node:crypto';
import { EARLIEST_OCCURRENCE, MAX_MINUTES_AHEAD } from '../../contracts/limits';
import { parseInstant } from '../../contracts/rfc3339';
import { type Status, statusRule } from '../../contracts/statuses';
import type { Envelope } from './envelope';
import { Rejected } from './failures';
import { canonicalJson, isObject, type Json, type JsonObject } from './json';
import { assertFits, assertStorable } from './storable';
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
  assertStorable(received, 'detail');
  // As received, not as validated: every key a producer sends is kept.
  const metadata = isObject(received['metadata']) ? received['metadata'] : {};
  assertFits(metadata, 'detail.metadata');
  const timestamp = timestampOf(envelope, detail, now);
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

function timestampOf(envelope: Envelope, detail: ShipmentDetail, now: number): number {
  const [field, timestamp] =
    detail.occurred_at === undefined
      ? (['time', envelope.time] as const)
      : (['detail.occurred_at', parseInstant(detail.occurred_at) ?? Number.NaN] as const);
  if (!(timestamp >= EARLIEST_OCCURRENCE))
    throw new Rejected(`${field} is before the year 2000: send the time of the event`);
  if (timestamp > now + MAX_MINUTES_AHEAD * 60_000) {
    throw new Rejected(
      `${field} is more than ${MAX_MINUTES_AHEAD} minutes in the future: check the producer's clock and send the event again`,
    );
  }
  return timestamp;
}

/** `1:` (the scheme's version) and the SHA-256 of the canonical JSON of detail-type and detail as received. */
export function payloadHash(detailType: string, detail: Json): string {
  return `1:${sha256(canonicalJson({ detail, 'detail-type': detailType }))}`;
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Whether people are told about this event. */
export const notifies = (event: ShipmentEvent) => statusRule(event.status).notifies;
