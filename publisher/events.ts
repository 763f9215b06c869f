/** Types of the events that a service may publish, and their check before they are sent. */
import { types } from 'node:util';
import type * as v from 'valibot';
import { type DetailProblem, type EventContract, parseDetail } from '../contracts/define-event';
import { contract as eventFailed } from '../contracts/events/notification-handler/event-failed';
import { EVENT_FUNCTION_KEYS, recordsShipments } from '../contracts/functions';
import { CONTRACTS } from '../contracts/generated/contracts';
import { CALL_BYTES, entryBytes } from '../contracts/put-events';
import { malformedText, recordingProblem } from '../contracts/storable';

/** An event for PutEvents, without the bus name. */
export interface CheckedEvent {
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
}

/** All but the functions' own announcement, which the bus refuses from other senders. */
type AnyContract = Exclude<(typeof CONTRACTS)[keyof typeof CONTRACTS][number], typeof eventFailed>;

type Input<C extends EventContract> = v.InferInput<v.ObjectSchema<C['fields'], undefined>>;

const IDENTITY = ['event_id', 'occurred_at'] as const;

type Identity = (typeof IDENTITY)[number];

/** Optional fields may be null. */
type NullForAbsent<T> = {
  [K in keyof T]: undefined extends T[K] ? NullForAbsentIn<Exclude<T[K], undefined>> | null | undefined : T[K];
};

type NullForAbsentIn<T> = T extends string | number | boolean ? T : NullForAbsent<T>;

/** A contract's detail. Its identity fields, if any, are required, so that a retry sends the same event. */
type DetailToSend<C extends EventContract> = NullForAbsent<Omit<Input<C>, Identity>> & {
  readonly [K in Identity & keyof Input<C>]-?: NonNullable<Input<C>[K]>;
} & (true extends C['open'] ? Readonly<Record<string, unknown>> : unknown);

type EventOf<C extends EventContract> = C extends AnyContract
  ? { readonly detailType: C['detailType']; readonly detail: DetailToSend<C> }
  : never;

export type LogisticsEvent = EventOf<AnyContract>;

interface KnownContract {
  readonly contract: EventContract;
  /** Its events are recorded, so more than their shape is checked. */
  readonly isRecorded: boolean;
}

const contractOf = new Map<string, KnownContract>(
  EVENT_FUNCTION_KEYS.flatMap((key) =>
    CONTRACTS[key]
      .filter((contract) => contract !== eventFailed)
      .map((contract) => [contract.detailType, { contract, isRecorded: recordsShipments(key) }] as const),
  ),
);

/**
 * Checks an event as its function will, and also refuses misspelled fields, which the function would ignore. Checks the JSON that would be
 * sent, and its time by this machine's clock, not the function's.
 */
export function checkEvent({ detailType, detail }: LogisticsEvent): CheckedEvent | { readonly problems: string[] } {
  const found = contractOf.get(detailType);
  if (!found) {
    return {
      problems: [`detailType ${JSON.stringify(detailType)} must be one of ${[...contractOf.keys()].join(', ')}`],
    };
  }
  let json: string;
  try {
    json = JSON.stringify(detail, refuseLossy) ?? 'null';
  } catch (error) {
    return { problems: [`detail cannot be sent as JSON: ${error instanceof Error ? error.message : error}`] };
  }
  const problems = problemsOf(found, JSON.parse(json));
  if (problems.length > 0) return { problems };
  const checked = { source: found.contract.source, detailType, detail: json };
  const size = entryBytes({ ...checked, hasTime: false });
  return size < CALL_BYTES
    ? checked
    : { problems: [`detail is too large: the event has ${size} bytes and must have fewer than ${CALL_BYTES}`] };
}

function problemsOf({ contract, isRecorded }: KnownContract, detail: unknown): string[] {
  const parsed = parseDetail(contract, detail);
  const problems = parsed.ok ? unsendable(parsed.received, isRecorded) : parsed.problems;
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return problems.map(inWords);
  const missing = IDENTITY.filter((field) => field in contract.fields && (Reflect.get(detail, field) ?? null) === null);
  const unknown = contract.open ? [] : Object.keys(detail).filter((field) => !Object.hasOwn(contract.fields, field));
  return [
    ...missing.map((field) => `detail.${field} is missing: set it, and keep the value when you retry`),
    ...problems.filter(({ path }) => !missing.some((field) => path === `detail.${field}`)).map(inWords),
    ...unknown.map((field) => `detail.${field} is no field of ${contract.detailType}: put other data into metadata`),
  ];
}

function unsendable(received: Readonly<Record<string, unknown>>, isRecorded: boolean): DetailProblem[] {
  const now = Date.now();
  const problem = isRecorded ? recordingProblem(received, now, now) : malformedText(received);
  return problem ? [problem] : [];
}

const inWords = ({ path, message }: DetailProblem) => `${path} ${message}`;

/**
 * Replacer for JSON.stringify that throws where a value would silently be dropped or changed. `this` is the list or object with the key;
 * where the original value has a `toJSON`, `value` is its result.
 */
function refuseLossy(this: object, key: string, value: unknown): unknown {
  const given: unknown = Reflect.get(this, key);
  if (value === null && given !== null) throw new Error(`${key} would be written as null: is it an invalid Date?`);
  if (types.isDate(given)) return value;
  if (given === undefined && Array.isArray(this)) throw new Error(`${key} of a list is undefined`);
  if (typeof given === 'bigint') throw new Error(`${key} is a BigInt: send it as a string`);
  if (typeof given === 'function' || typeof given === 'symbol') throw new Error(`${key} is a ${typeof given}`);
  if (isInstance(given)) throw new Error(`${key} is a ${given.constructor.name}: give a plain object or a list`);
  if (hasToJson(given)) throw new Error(`${key} has a toJSON: give what it returns`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${key} is ${value}`);
  // Too late to see whether it was rounded.
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new Error(`${key} is ${value}, beyond 2^53, where JavaScript rounds whole numbers: send it as a string`);
  return value;
}

/** True for an instance of a class, whose enumerable fields JSON would write: none of a Map, every byte of a Buffer. */
function isInstance(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

const hasToJson = (value: unknown) =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function';
