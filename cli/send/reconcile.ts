import { setTimeout as sleep } from 'node:timers/promises';
import { TABLES } from '../../contracts/tables';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import { hasContentOf, type ShipmentEvent } from '../../src/domain/shipment-event';
import { KEYS_A_CALL, type Row, rowsOf } from '../target/rows';
import type { Target } from '../target/target';
import type { LocatedEvent } from './events';

/** Result of a backfill: events by their state in the log at the end. */
export interface Reconciliation {
  accepted: number;
  /** Recorded before this run, or repeated in it. */
  on_record_before: number;
  /** The log has the same identity with other content. */
  conflicts: number;
  not_on_record: number;
}

/** Waits of a second until events that are not in the log count as missing. */
const MAX_WAITS = 60;

/**
 * Looks each event up in the log and counts the result. Keeps the events of one call in memory.
 * @param began epoch milliseconds by AWS's clock: a row that was processed earlier is from before this run
 */
export async function reconcile(
  events: AsyncIterable<LocatedEvent>,
  began: number,
  target: Target,
  total: Reconciliation,
  wait: () => Promise<unknown> = () => sleep(1_000),
): Promise<void> {
  const TableName = target.name(TABLES.shipmentEvents.name);
  let waits = MAX_WAITS;
  const lookUp = async (batch: ReadonlyMap<string, ShipmentEvent>) => {
    const missing = new Map(batch);
    for (;;) {
      const keys = [...missing.values()].map(({ event_id, timestamp }) => toAttributes({ event_id, timestamp }));
      for (const row of await rowsOf({ TableName, ConsistentRead: true }, keys, target)) {
        const identity = { event_id: stringOf(row, 'event_id') ?? '', timestamp: Number(row['timestamp']?.N) };
        const event = missing.get(keyOf(identity));
        if (!event) continue;
        total[outcomeOf(row, event, began)] += 1;
        missing.delete(keyOf(event));
      }
      if (missing.size === 0 || waits === 0) break;
      waits -= 1;
      await wait();
    }
    total.not_on_record += missing.size;
  };
  let batch = new Map<string, ShipmentEvent>();
  for await (const { recorded } of events) {
    if (!recorded) continue;
    if (batch.has(keyOf(recorded))) total.on_record_before += 1;
    batch.set(keyOf(recorded), recorded);
    if (batch.size < KEYS_A_CALL) continue;
    await lookUp(batch);
    batch = new Map();
  }
  if (batch.size > 0) await lookUp(batch);
}

const keyOf = ({ event_id, timestamp }: Pick<ShipmentEvent, 'event_id' | 'timestamp'>) => `${timestamp}#${event_id}`;

function outcomeOf(row: Row, event: ShipmentEvent, began: number): keyof Reconciliation {
  if (!hasContentOf(stringOf(row, 'payload_hash') ?? '', event)) return 'conflicts';
  const processedAt = row['process_result']?.M?.['processed_at']?.S ?? '';
  return Date.parse(processedAt) < began ? 'on_record_before' : 'accepted';
}
