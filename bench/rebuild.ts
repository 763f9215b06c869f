/** `logistics rebuild` on tables of two sizes: its duration on this machine, and that its memory does not grow with the tables. */
import { BatchWriteItemCommand, DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { CORRECTED } from '../contracts/shipment-events';
import { STATUSES, type Status } from '../contracts/statuses';
import type { LocalStack } from '../local/stack';
import { toAttributes } from '../src/adapters/attributes';
import { rowOf } from '../src/domain/shipment-row';
import { join, type ShipmentState, stateOf } from '../src/domain/shipment-state';
import { measuredCommand } from './measured-command';
import type { Table } from './table';

const EVENTS_A_SHIPMENT = 5;
const SIZES = [50_000, 200_000] as const;

/** Status rows that are deleted before the last measurement. */
const LOST = 200;

const START = Date.UTC(2026, 2, 2);

const shipmentOf = (number: number) => `REBUILD-${number}`;

/** A shipment's events, with other statuses for each shipment and a correction for every tenth. */
function eventsOf(shipment: number) {
  return Array.from({ length: EVENTS_A_SHIPMENT }, (_, place) => ({
    shipment_id: shipmentOf(shipment),
    event_id: `${shipmentOf(shipment)}-${place}`,
    timestamp: START + shipment * 1_000 + place * 3_600_000,
    status: STATUSES[(shipment * 3 + place) % STATUSES.length] as Status,
    detail_type: shipment % 10 === 0 && place === 3 ? CORRECTED : 'Shipment Status Updated',
    metadata: { carrier: 'NordFreight', origin: 'Hamburg', destination: 'Oslo', note: 'x'.repeat(200) },
    process_result: { processed_at: new Date(START).toISOString(), validations: ['status_valid'] },
    payload_hash: `2:${'0'.repeat(64)}`,
  }));
}

/** @param stack with empty tables */
export async function measureRebuild(stack: LocalStack): Promise<Table> {
  const rows: string[][] = [];
  let shipments = 0;
  for (const size of SIZES) {
    await fill(stack, shipments, size / EVENTS_A_SHIPMENT);
    shipments = size / EVENTS_A_SHIPMENT;
    rows.push(['no difference', ...(await measured(stack, size, shipments, '--dry-run'))]);
  }
  for (let lost = 0; lost < LOST; lost += 1) {
    const Key = toAttributes({ shipment_id: shipmentOf(lost * 7) });
    await stack.db.send(new DeleteItemCommand({ TableName: stack.outputs['ShipmentsTableName'], Key }));
  }
  rows.push([`${LOST} rows lost, brought back`, ...(await measured(stack, SIZES[1], shipments))]);
  return { head: ['', 'log rows', 'statuses', 'seconds', 'peak memory, MB'], rows };
}

async function measured(stack: LocalStack, size: number, shipments: number, ...options: string[]): Promise<string[]> {
  const { seconds, megabytes } = await measuredCommand(stack, 'rebuild', ...options);
  return [size.toLocaleString('en'), shipments.toLocaleString('en'), seconds.toFixed(0), megabytes.toFixed(0)];
}

const ITEMS_A_CALL = 25;

/** Adds the shipments with these numbers: their log rows and status rows. */
async function fill(stack: LocalStack, from: number, to: number): Promise<void> {
  const log: Item[] = [];
  const statuses: Item[] = [];
  for (let shipment = from; shipment < to; shipment += 1) {
    const events = eventsOf(shipment);
    const state = events.reduce<ShipmentState>((before, event) => join(before, stateOf(event)), {});
    log.push(...events.map((event) => toAttributes(event)));
    statuses.push(toAttributes({ ...rowOf(shipmentOf(shipment), state) }));
  }
  await write(stack, stack.outputs['ShipmentEventsTableName'] ?? '', log);
  await write(stack, stack.outputs['ShipmentsTableName'] ?? '', statuses);
}

type Item = ReturnType<typeof toAttributes>;

/** One call after another: the embedded AWS answers one at a time. */
async function write({ db }: LocalStack, table: string, items: readonly Item[]): Promise<void> {
  for (let start = 0; start < items.length; start += ITEMS_A_CALL) {
    const requests = items.slice(start, start + ITEMS_A_CALL).map((Item) => ({ PutRequest: { Item } }));
    await db.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}
