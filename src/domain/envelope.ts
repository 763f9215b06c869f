import * as v from 'valibot';
import { token } from '../../contracts/fields';
import { parseInstant } from '../../contracts/rfc3339';
import { Rejected } from './failures';
import { isObject, type JsonObject } from './json';

/** EventBridge's envelope. `detail` is as received; once a contract has accepted it, without optional fields that are null. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** The account that sent it: 12 digits. */
  readonly account?: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly detail: unknown;
  /** The whole event as received. */
  readonly received: JsonObject;
}

/** True for an envelope's id or any other identifier: 1 to 128 printable ASCII characters without spaces. */
export const isToken = (value: unknown): value is string => v.is(token, value);

const instantOf = (value: unknown) => (typeof value === 'string' ? parseInstant(value) : undefined);

/** @throws Rejected naming the field when the input is not an event as EventBridge delivers it */
export function readEnvelope(input: unknown): Envelope {
  if (!isObject(input))
    throw new Rejected('the event must be a JSON object with id, source, detail-type, time and detail');
  const { id, source, 'detail-type': detailType, account, detail } = input;
  if (!isToken(id)) throw new Rejected('id must be 1 to 128 printable ASCII characters without spaces');
  if (typeof source !== 'string') throw new Rejected('source must be a string');
  if (typeof detailType !== 'string') throw new Rejected('detail-type must be a string');
  const time = instantOf(input['time']);
  if (time === undefined)
    throw new Rejected('time must be an RFC 3339 date-time with an offset, like 2026-03-01T09:30:00Z');
  // EventBridge always sets the account; the event of a direct invocation may have none.
  const sender = typeof account === 'string' && /^\d{12}$/.test(account) && { account };
  return { id, source, detailType, ...sender, time, detail, received: input };
}

/** Identifiers that can be read from any input: enough to name the row of its failure. */
export interface EventIdentifiers {
  readonly shipment_id?: string;
  readonly event_id?: string;
  readonly envelopeId?: string;
  /** Epoch milliseconds; 0 when the envelope has no usable time. */
  readonly time: number;
}

export function identifiersOf(input: unknown): EventIdentifiers {
  const envelope: JsonObject = isObject(input) ? input : {};
  const detail: JsonObject = isObject(envelope['detail']) ? envelope['detail'] : {};
  const { shipment_id, event_id } = detail;
  return {
    time: instantOf(envelope['time']) ?? 0,
    ...(isToken(envelope['id']) && { envelopeId: envelope['id'] }),
    ...(isToken(shipment_id) && { shipment_id }),
    ...(isToken(event_id) ? { event_id } : isToken(envelope['id']) && { event_id: envelope['id'] }),
  };
}
