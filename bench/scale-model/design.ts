/** What a stack of this kind can take, as far as one setting changes it. */
import { SHIPMENT } from '../../template-src/cost/usage';

export interface Design {
  readonly name: string;
  /** Invocations at a time of the shipment processor, and of the status updater. */
  readonly processors: number;
  readonly updaters: number;
  /** Partition keys that one status is spread over in each status index. */
  readonly shards: number;
  /** Write units a second that the log's table takes at once (its two indexes take as much each). */
  readonly tableUnits: number;
}

/** As the template deploys it, in an account with its default quotas: on-demand tables begin at 4,000 write units a second. */
export const DEPLOYED: Design = { name: 'as deployed', processors: 10, updaters: 990, shards: 1, tableUnits: 4_000 };

/** A partition of DynamoDB takes this many write units a second, whatever the table takes. */
const PARTITION_UNITS = 1_000;

/** Seconds of one warm invocation: the memory sweep's at 256 MB, with the waiting that it adds. */
const INVOCATION = 0.022;

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
    'the shipment processor’s concurrency': processors / INVOCATION / CREATED,
    'the status updater’s concurrency': updaters / INVOCATION / (1 - CREATED),
    'one status in a status index': (shards * PARTITION_UNITS) / HOT_UNITS,
    'the table’s write units': tableUnits / LOG_UNITS,
  } as const;
}

export type Part = keyof ReturnType<typeof capacities>;

/** Events a second that each function begins, and that the tables take. */
export function pace(design: Design) {
  const parts = capacities(design);
  return {
    processor: design.processors / INVOCATION,
    updater: design.updaters / INVOCATION,
    written: Math.min(parts['one status in a status index'], parts['the table’s write units']),
  };
}
