import { setTimeout as sleep } from 'node:timers/promises';
import { type AttributeValue, BatchGetItemCommand, type BatchGetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../contracts/tables';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import { hasContentOf, type ShipmentEvent } from '../../src/domain/shipment-event';
import type { Target } from '../target/target';
import type { LocatedEvent } from './events';

/** Outcome of a backfill, by what the log has in the end. */
export interface Reconciliation {
  accepted: number;
  /** Recorded before this run, or given twice in it. */
  on_record_before: number;
  /** The log has the identity with another content. */
  conflicts: number;
  not_on_record: number;
}

/** What BatchGetItem takes. */
const AT_ONCE = 100;

/** Seconds that are waited for an event, a second at a time. */
const PATIENCE = 60;

type Row = Record<string, AttributeValue>;

/**
 * Looks each event up in the log, and adds what it finds to the total. It keeps one read's events in memory, however many there are.
 * @param began epoch milliseconds by AWS's clock: a row that was processed before is of an earlier run
 */
export async function reconcile(
  events: AsyncIterable<LocatedEvent>,
  began: number,
  target: Target,
  total: Reconciliation,
  wait: () => Promise<unknown> = () => sleep(1_000),
): Promise<void> {
  let patience = PATIENCE;
  const lookUp = async (batch: ReadonlyMap<string, ShipmentEvent>) => {
    const missing = new Map(batch);
    for (;;) {
      for (const row of await rowsOf([...missing.values()], target)) {
        const event = missing.get(
          keyOf({ event_id: stringOf(row, 'event_id') ?? '', timestamp: Number(row['timestamp']?.N) }),
        );
        if (event) total[outcomeOf(row, event, began)] += 1;
        if (event) missing.delete(keyOf(event));
      }
      if (missing.size === 0 || patience === 0) break;
      patience -= 1;
      await wait();
    }
    total.not_on_record += missing.size;
  };
  let batch = new Map<string, ShipmentEvent>();
  for await (const { recorded } of events) {
    if (!recorded) continue;
    if (batch.has(keyOf(recorded))) total.on_record_before += 1;
    batch.set(keyOf(recorded), recorded);
    if (batch.size < AT_ONCE) continue;
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

/** The log's rows of these events, as far as they are there. */
async function rowsOf(events: readonly ShipmentEvent[], { db, name }: Target): Promise<readonly Row[]> {
  const table = name(TABLES.shipmentEvents.name);
  const rows: Row[] = [];
  let Keys: Row[] | undefined = events.map(({ event_id, timestamp }) => toAttributes({ event_id, timestamp }));
  while (Keys && Keys.length > 0) {
    const answer: BatchGetItemCommandOutput = await db.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    rows.push(...(answer.Responses?.[table] ?? []));
    Keys = answer.UnprocessedKeys?.[table]?.Keys;
  }
  return rows;
}
