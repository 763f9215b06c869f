import { type EventContract, parseDetail } from '../../contracts/define-event';
import { type EventFunctionKey, recordsShipments } from '../../contracts/functions';
import { SAMPLED_CONTRACTS } from '../../contracts/generated/contracts';
import { NAMES } from '../../contracts/names';
import { CALL_BYTES, entryBytes } from '../../contracts/put-events';
import { malformedText } from '../../contracts/storable';
import { UserError } from '../../lib/user-error.mjs';
import { type Envelope, readEnvelope } from '../../src/domain/envelope';
import { Rejected } from '../../src/domain/failures';
import { isObject, type Json, type JsonObject } from '../../src/domain/json';
import { type ShipmentDetail, type ShipmentEvent, shipmentEventOf } from '../../src/domain/shipment-event';
import { changeIn, isTooDeep } from '../json-limits';
import type { Target } from '../target/target';

export type CheckedEvent = ReturnType<typeof checkedEvent>;

export interface CheckOptions {
  /** With the environment's suffix. */
  readonly busName: string;
  /** False for events that need not match a contract. */
  readonly byContract: boolean;
  /** Backfill: adds `notify: false`, and accepts shipment events with an `event_id` only. */
  readonly quietly?: boolean;
  /** Epoch milliseconds. A function, since a pipe may stay open for long. */
  now(): number;
}

/** Options for an event that an operator has written. */
export const checkOptionsOf = ({ name, now }: Target): CheckOptions => ({
  busName: name(NAMES.bus),
  byContract: true,
  now,
});

/**
 * Checks an event as its function would, so that it is refused here and does not end in a dead-letter queue. Accepts the form of an event on the
 * bus (ignoring `id`, `account` and `region`, which EventBridge sets) and that of a PutEvents entry.
 * @throws Rejected naming the field
 */
export function checkedEvent(value: JsonObject, { busName, byContract, quietly = false, ...clock }: CheckOptions) {
  const now = clock.now();
  // A null field counts as absent, as in the functions.
  const fields = Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
  const { time, ...event } = 'DetailType' in fields || 'Detail' in fields ? fromEntry(fields, busName) : fields;
  const quiet = quietly && isObject(event['detail']) && { detail: { ...event['detail'], notify: false } };
  const received = { ...event, ...quiet, id: 'not-given-yet', time: time ?? new Date(now).toISOString() };
  const envelope = readEnvelope(received);
  const { source, detailType, detail } = envelope;
  if (!isObject(detail)) throw new Rejected('detail must be a JSON object');
  if (isTooDeep(detail)) throw new Rejected('detail is nested too deeply to be sent: flatten it');
  const recorded = byContract || quietly ? checkedByContract(envelope, detail, now) : undefined;
  if (quietly && !recorded) throw new Rejected('only shipment events can be sent with --backfill');
  if (quietly && typeof detail['event_id'] !== 'string')
    throw new Rejected('detail.event_id is missing: a backfill that is repeated would record the event again');

  const Detail = JSON.stringify(detail);
  const bytes = entryBytes({ source, detailType, detail: Detail, hasTime: time !== undefined });
  if (bytes >= CALL_BYTES) throw new Rejected(`the event has ${bytes} bytes: the bus takes less than ${CALL_BYTES}`);
  return {
    entry: {
      EventBusName: busName,
      Source: source,
      DetailType: detailType,
      Detail,
      ...(time !== undefined && { Time: new Date(envelope.time) }),
    },
    /** Size as EventBridge counts it. */
    bytes,
    shipment_id: typeof detail['shipment_id'] === 'string' ? detail['shipment_id'] : null,
    /** True when the event has an `event_id`, so that sending it again has no further effect. */
    hasIdentity: typeof detail['event_id'] === 'string',
    /** The event as its function would record it, when it was checked against the contract of a shipment event. */
    recorded,
  };
}

/** Checks an event that an operator has written. @throws UserError naming the field, after the prefix */
export function checkOperatorEvent(event: JsonObject, target: Target, prefix = ''): CheckedEvent {
  try {
    return checkedEvent(event, checkOptionsOf(target));
  } catch (error) {
    throw error instanceof Rejected ? new UserError(`${prefix}${error.message}`) : error;
  }
}

/** Converts a PutEvents entry, which has other field names and its detail as a JSON string. */
function fromEntry(entry: JsonObject, busName: string): JsonObject {
  const { Source: source, DetailType, Detail, Time: time, EventBusName = busName } = entry;
  if (EventBusName !== busName) throw new Rejected(`EventBusName is ${EventBusName}: this goes to ${busName} (--env)`);
  return {
    ...(source !== undefined && { source }),
    ...(DetailType !== undefined && { 'detail-type': DetailType }),
    ...(time !== undefined && { time }),
    ...(Detail !== undefined && { detail: typeof Detail === 'string' ? parseDetailText(Detail) : Detail }),
  };
}

function parseDetailText(detail: string): Json {
  let value: Json;
  try {
    value = JSON.parse(detail);
  } catch {
    throw new Rejected('Detail must be JSON');
  }
  const changed = changeIn(detail, 'detail');
  if (changed) throw new Rejected(changed);
  return value;
}

const ALL_CONTRACTS: readonly { readonly key: EventFunctionKey; readonly contract: EventContract }[] =
  SAMPLED_CONTRACTS;

export function contractOf({ source, detailType }: { readonly source: unknown; readonly detailType: unknown }) {
  const found = ALL_CONTRACTS.find(({ contract }) => contract.source === source && contract.detailType === detailType);
  return found && { contract: found.contract, recordsShipment: recordsShipments(found.key) };
}

/** @returns the event as its function would record it; undefined for an error event */
function checkedByContract(envelope: Envelope, detail: JsonObject, now: number): ShipmentEvent | undefined {
  const found = contractOf(envelope);
  if (!found) {
    const accepted = ALL_CONTRACTS.map(({ contract }) => `${contract.source} / ${contract.detailType}`).join(', ');
    throw new Rejected(
      `source and detail-type are ${envelope.source} / ${envelope.detailType}: no contract takes that, only ${accepted}`,
    );
  }
  const result = parseDetail(found.contract, detail);
  if (!result.ok) throw new Rejected(result.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  if (!found.recordsShipment) {
    const malformed = malformedText(result.received);
    if (malformed) throw new Rejected(`${malformed.path} ${malformed.message}`);
    return undefined;
  }
  // The functions that record shipments check more than the contract.
  return shipmentEventOf({ ...envelope, detail: result.received }, result.detail as unknown as ShipmentDetail, now);
}
