/**
 * The functions and the names that follow from them, without the environment's suffix. The key is also the file name of the
 * handler (`src/handlers/<key>.ts`) and entry point (`src/entry/<key>.ts`).
 */
import type { TABLES } from './tables';

/** A function that a rule invokes asynchronously. */
interface RuleFunction {
  readonly rule: string;
  /** Retries of an event that the function failed on, after its first attempt (Lambda's asynchronous invocation). */
  readonly maximumRetryAttempts: number;
}

/** A function for events on the bus. The key is also the folder of its contracts (`contracts/events/<key>/`) and samples (`events/<key>/`). */
interface EventFunction extends RuleFunction {
  /** Its events are shipment events, and it records each in the log and in the shipment's row (src/runtime/shipment-handler.ts). */
  readonly recordsShipments: boolean;
}

export const EVENT_FUNCTIONS = {
  'shipment-processor': { rule: 'logistics-shipment-create', recordsShipments: true, maximumRetryAttempts: 2 },
  'status-updater': { rule: 'logistics-status-update', recordsShipments: true, maximumRetryAttempts: 2 },
  'notification-handler': { rule: 'logistics-errors', recordsShipments: false, maximumRetryAttempts: 2 },
} as const satisfies Record<string, EventFunction>;

/** A function that is deployed only while a parameter enables it. */
interface ConditionalFunction {
  /** The template's condition. */
  readonly condition: string;
}

/** A function that Lambda invokes with the changes in a table's stream. */
interface StreamFunction extends ConditionalFunction {
  readonly table: keyof typeof TABLES;
}

export const STREAM_FUNCTIONS = {
  'status-publisher': { table: 'shipments', condition: 'PublishesStatusChanges' },
} as const satisfies Record<string, StreamFunction>;

/** Functions that a schedule invokes: a rule of the account's default bus. */
export const SCHEDULED_FUNCTIONS = {
  'stalled-shipments': {
    rule: 'logistics-stalled-shipments',
    maximumRetryAttempts: 2,
    condition: 'ReportsStalledShipments',
  },
} as const satisfies Record<string, RuleFunction & ConditionalFunction>;

export const URL_FUNCTIONS = {
  'carrier-webhook': { condition: 'TakesCarrierWebhooks' },
} as const satisfies Record<string, ConditionalFunction>;

export type EventFunctionKey = keyof typeof EVENT_FUNCTIONS;
export type StreamFunctionKey = keyof typeof STREAM_FUNCTIONS;
export type ScheduledFunctionKey = keyof typeof SCHEDULED_FUNCTIONS;
export type UrlFunctionKey = keyof typeof URL_FUNCTIONS;
/** Functions with a dead-letter queue, which Lambda retries when they fail. A function URL's caller retries by itself. */
export type QueuedFunctionKey = EventFunctionKey | StreamFunctionKey | ScheduledFunctionKey;
export type FunctionKey = QueuedFunctionKey | UrlFunctionKey;

const keysOf = <K extends string>(functions: Readonly<Record<K, object>>) => Object.keys(functions) as [K, ...K[]];

export const EVENT_FUNCTION_KEYS = keysOf(EVENT_FUNCTIONS);
export const STREAM_FUNCTION_KEYS = keysOf(STREAM_FUNCTIONS);
export const SCHEDULED_FUNCTION_KEYS = keysOf(SCHEDULED_FUNCTIONS);
export const URL_FUNCTION_KEYS = keysOf(URL_FUNCTIONS);
export const QUEUED_FUNCTION_KEYS: readonly [QueuedFunctionKey, ...QueuedFunctionKey[]] = [
  ...EVENT_FUNCTION_KEYS,
  ...STREAM_FUNCTION_KEYS,
  ...SCHEDULED_FUNCTION_KEYS,
];
export const FUNCTION_KEYS: readonly [FunctionKey, ...FunctionKey[]] = [...QUEUED_FUNCTION_KEYS, ...URL_FUNCTION_KEYS];

export type ShipmentFunctionKey = {
  [K in EventFunctionKey]: (typeof EVENT_FUNCTIONS)[K]['recordsShipments'] extends true ? K : never;
}[EventFunctionKey];

/** Attempts on an event: the first one and Lambda's retries. */
export const attemptsOf = (key: EventFunctionKey) => EVENT_FUNCTIONS[key].maximumRetryAttempts + 1;

export const recordsShipments = (key: EventFunctionKey): key is ShipmentFunctionKey =>
  EVENT_FUNCTIONS[key].recordsShipments;

export const isScheduledFunction = (key: FunctionKey): key is ScheduledFunctionKey => key in SCHEDULED_FUNCTIONS;

export const isUrlFunction = (key: FunctionKey): key is UrlFunctionKey => key in URL_FUNCTIONS;

/** `logistics-shipment-processor`; an event's `error_id` begins with it and the environment. */
export const functionName = <K extends FunctionKey>(key: K) => `logistics-${key}` as const;

/** Lambda's default name of the log group, so that a function's log is found by the function's name. */
export const logGroupName = <K extends FunctionKey>(key: K) => `/aws/lambda/${functionName(key)}` as const;

/**
 * The alias through which its rule, stream or schedule, and a redrive, invoke a function. An invocation without it runs whatever was deployed
 * last, without the retries and the dead-letter queue, which belong to the alias.
 */
export const LIVE_ALIAS = 'live';

/** A function's dead-letter queue, for undeliverable events and exhausted retries; for a stream, the changes not published in time. */
export const deadLetterQueueName = <K extends QueuedFunctionKey>(key: K) => `logistics-${key}-dlq` as const;
