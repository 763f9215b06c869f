/** The events a service may publish: their types, and what is wrong with one before it is sent. */
import { types } from 'node:util';
import type * as v from 'valibot';
import { type DetailProblem, type EventContract, parseDetail } from '../contracts/define-event';
import { contract as eventFailed } from '../contracts/events/notification-handler/event-failed';
import { EVENT_FUNCTION_KEYS, recordsShipments } from '../contracts/functions';
import { CONTRACTS } from '../contracts/generated/contracts';
import { CALL_BYTES, entryBytes } from '../contracts/put-events';
import { malformedText, recordingProblem } from '../contracts/storable';

/** An event as PutEvents takes it, without the bus. */
export interface CheckedEvent {
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
}

/** Without the announcements of the functions' own, which the bus refuses from all others. */
type AnyContract = Exclude<(typeof CONTRACTS)[keyof typeof CONTRACTS][number], typeof eventFailed>;

type Input<C extends EventContract> = v.InferInput<v.ObjectSchema<C['fields'], undefined>>;

const IDENTITY = ['event_id', 'occurred_at'] as const;

type Identity = (typeof IDENTITY)[number];

/** Optional fields may be null. */
type NullForAbsent<T> = {
  [K in keyof T]: undefined extends T[K] ? NullForAbsentIn<Exclude<T[K], undefined>> | null | undefined : T[K];
};

type NullForAbsentIn<T> = T extends string | number | boolean ? T : NullForAbsent<T>;

/** A contract's detail; its identity, where it has one, is the caller's to give, so that sending again is the same event. */
type DetailToSend<C extends EventContract> = NullForAbsent<Omit<Input<C>, Identity>> & {
  readonly [K in Identity & keyof Input<C>]-?: NonNullable<Input<C>[K]>;
} & (true extends C['open'] ? Readonly<Record<string, unknown>> : unknown);

type EventOf<C extends EventContract> = C extends AnyContract
  ? { readonly detailType: C['detailType']; readonly detail: DetailToSend<C> }
  : never;

/** An event for the bus. */
export type LogisticsEvent = EventOf<AnyContract>;

interface KnownContract {
  readonly contract: EventContract;
  /** Its events are recorded, and held to more than the shape. */
  readonly isShipments: boolean;
}

const contractOf = new Map<string, KnownContract>(
  EVENT_FUNCTION_KEYS.flatMap((key) =>
    CONTRACTS[key]
      .filter((contract) => contract !== eventFailed)
      .map((contract) => [contract.detailType, { contract, isShipments: recordsShipments(key) }] as const),
  ),
);

/**
 * Checks an event as its function will, and more strictly: what is mistyped here would be ignored there. Judges what JSON makes of it, and its
 * time by this machine's clock; the function has the last word.
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
    : { problems: [`detail takes ${size} bytes; an event takes less than ${CALL_BYTES}`] };
}

function problemsOf({ contract, isShipments }: KnownContract, detail: unknown): string[] {
  const parsed = parseDetail(contract, detail);
  const problems = parsed.ok ? unsendable(parsed.received, isShipments) : parsed.problems;
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return problems.map(inWords);
  const missing = IDENTITY.filter((field) => field in contract.fields && (Reflect.get(detail, field) ?? null) === null);
  const unknown = contract.open ? [] : Object.keys(detail).filter((field) => !Object.hasOwn(contract.fields, field));
  return [
    ...missing.map((field) => `detail.${field} is missing: give it, and the same again when you retry`),
    ...problems.filter(({ path }) => !missing.some((field) => path === `detail.${field}`)).map(inWords),
    ...unknown.map((field) => `detail.${field} is no field of ${contract.detailType}: other data goes into metadata`),
  ];
}

/** By this machine's clock. */
function unsendable(received: Readonly<Record<string, unknown>>, isShipments: boolean): DetailProblem[] {
  const now = Date.now();
  const problem = isShipments ? recordingProblem(received, now, now) : malformedText(received);
  return problem ? [problem] : [];
}

const inWords = ({ path, message }: DetailProblem) => `${path} ${message}`;

/**
 * For JSON.stringify, which calls it with the list or object that holds the value: stops at what it would drop or change silently. Of what has
 * a `toJSON`, `value` is what that made of it already.
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
  // Whether it was rounded before it came here cannot be seen any more.
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new Error(`${key} is ${value}, beyond 2^53, where JavaScript rounds whole numbers: send it as a string`);
  return value;
}

/** An object of a class, of which JSON would write the enumerable fields: nothing of a Map, each byte of a Buffer. */
function isInstance(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

const hasToJson = (value: unknown) =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function';
