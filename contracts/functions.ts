/**
 * The three functions and the names that follow from them, without the environment's suffix. The key is also the file name of the
 * handler (`src/handlers/<key>.ts`) and entry point (`src/entry/<key>.ts`), the folder of its events (`contracts/events/<key>/`) and of its samples (`events/<key>/`).
 */
interface FunctionNames {
  readonly rule: string;
  /** Its events are shipments' own, which it records; any other takes error events. */
  readonly recordsShipments: boolean;
  /** Retries of an event that the function failed on, after its first attempt (Lambda's asynchronous invocation). */
  readonly maximumRetryAttempts: number;
}

export const FUNCTIONS = {
  'shipment-processor': { rule: 'logistics-shipment-create', recordsShipments: true, maximumRetryAttempts: 2 },
  'status-updater': { rule: 'logistics-status-update', recordsShipments: true, maximumRetryAttempts: 2 },
  'notification-handler': { rule: 'logistics-errors', recordsShipments: false, maximumRetryAttempts: 2 },
} as const satisfies Record<string, FunctionNames>;

export type FunctionKey = keyof typeof FUNCTIONS;

export const FUNCTION_KEYS = Object.keys(FUNCTIONS) as [FunctionKey, ...FunctionKey[]];

export type ShipmentFunctionKey = {
  [K in FunctionKey]: (typeof FUNCTIONS)[K]['recordsShipments'] extends true ? K : never;
}[FunctionKey];

/** Attempts on an event: the first one and Lambda's retries. */
export const attemptsOf = (key: FunctionKey) => FUNCTIONS[key].maximumRetryAttempts + 1;

export const recordsShipments = (key: FunctionKey): key is ShipmentFunctionKey => FUNCTIONS[key].recordsShipments;

/** `logistics-shipment-processor`; an event's `error_id` begins with it and the environment. */
export const functionName = <K extends FunctionKey>(key: K) => `logistics-${key}` as const;

/**
 * The alias by which everything invokes a function: its rule and a redrive. An invocation without it runs whatever was deployed
 * last, without the retries and the dead-letter queue, which belong to the alias.
 */
export const LIVE_ALIAS = 'live';

/** A function's dead-letter queue: retries exhausted, or undeliverable. */
export const deadLetterQueueName = <K extends FunctionKey>(key: K) => `logistics-${key}-dlq` as const;
