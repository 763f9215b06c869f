/** What a stack of this kind can take, as far as one setting changes it. */
import { SHIPMENT } from '../../template-src/cost/usage';
import { MAX_EVENT_AGE_SECONDS } from '../../template-src/defaults';
import { parameters } from '../../template-src/parameters';
import { measuredMilliseconds } from '../measured';

export interface Design {
  /** Invocations at a time of the shipment processor, and of the status updater. */
  readonly processors: number;
  readonly updaters: number;
  /** Partition keys that one status is spread over in each status index. */
  readonly shards: number;
  /** Write units a second that the log's table takes at once (its two indexes take as much each). */
  readonly tableUnits: number;
  /** Seconds after which Lambda gives up an event. */
  readonly maxAge: number;
}

const RESERVED = parameters.ShipmentProcessorConcurrency.Default;

/** As the template deploys it, in an account with its default quotas: on-demand tables begin at 4,000 write units a second. */
export const DEPLOYED: Design = {
  processors: RESERVED,
  updaters: 1_000 - RESERVED,
  shards: 1,
  tableUnits: 4_000,
  maxAge: MAX_EVENT_AGE_SECONDS,
};

/** A partition of DynamoDB takes this many write units a second, whatever the table takes. */
const PARTITION_UNITS = 1_000;

/** Seconds of one warm invocation. */
export const INVOCATION = {
  processor: measuredMilliseconds('shipment-processor') / 1_000,
  updater: measuredMilliseconds('status-updater') / 1_000,
} as const;

const share = (holds: (event: (typeof SHIPMENT)[number]) => boolean) => SHIPMENT.filter(holds).length / SHIPMENT.length;

/** Share of the events that the shipment processor takes; the status updater takes the rest. */
export const CREATED = share((event) => event.function === 'shipment-processor');

/**
 * Write units that an event brings to the hottest status of an index: a status is entered and left once by a shipment of four events, and
 * in the log the mark is copied as well. Carriers that repeat themselves make it more.
 */
const HOT_UNITS = 2 / SHIPMENT.length;

/** Write units that an average event brings to the log's table. */
const LOG_UNITS = 1 + share((event) => event.becomes === 'notified');

/** Events a second that each part takes, of all events. */
export function capacities({ processors, updaters, shards, tableUnits }: Design) {
  return {
    'the shipment processor’s concurrency': processors / INVOCATION.processor / CREATED,
    'the status updater’s concurrency': updaters / INVOCATION.updater / (1 - CREATED),
    'one status in a status index': (shards * PARTITION_UNITS) / HOT_UNITS,
    'the table’s write units': tableUnits / LOG_UNITS,
  } as const;
}

export type Part = keyof ReturnType<typeof capacities>;

/** Events a second that the tables take. */
export function written(design: Design): number {
  const parts = capacities(design);
  return Math.min(parts['one status in a status index'], parts['the table’s write units']);
}
