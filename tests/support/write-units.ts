/**
 * Write units of the built functions' requests, by DynamoDB's published rules (Developer Guide, "DynamoDB read and write operations" and, of
 * "Using Global Secondary Indexes in DynamoDB", "Provisioned throughput considerations") of November 2026. DynamoDB itself measured none of it.
 */
import { isDeepStrictEqual } from 'node:util';
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { SAMPLED_CONTRACTS } from '../../contracts/generated/contracts';
import { inEnvironment } from '../../contracts/names';
import { type IndexSchema, TABLES } from '../../contracts/tables';
import { ENVIRONMENT } from '../../local/deploy';
import type { ResponseObserver } from '../../local/faults/fault-proxy';
import type { Outcome } from '../../tools/cost/usage';
import type { Lambda } from './faults/lambda';

type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Size of an item in bytes as DynamoDB counts it (Developer Guide, "DynamoDB item sizes and formats"): names and texts as UTF-8, a byte for
 * two digits of a number and one more, three for a list or map and one for each member, one for anything else.
 */
export const itemSize = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);

function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, member): number => sum + 1 + sizeOf(member), 0);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

/** One unit for each kilobyte or part of it, at least one; of several items, the largest counts. */
const unitsOf = (...items: (Item | undefined)[]) =>
  Math.max(1, ...items.map((item) => Math.ceil(itemSize(item ?? {}) / 1_024)));

const only = (item: Item, names: readonly string[]) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));

const namesOf = ({ partition, sort }: IndexSchema) => [partition, ...(sort ? [sort] : [])].map(([name]) => name);

/** Nothing for an unchanged entry, one write for a new or changed entry, two for an entry with a changed key. */
function indexUnits(index: IndexSchema, tableKey: readonly string[], before: Item | undefined, after: Item): number {
  const key = namesOf(index);
  const entryOf = (item: Item) => (index.keysOnly ? only(item, [...key, ...tableKey]) : item);
  const entries = [before, after]
    .filter((item): item is Item => key.every((name) => item?.[name] !== undefined))
    .map(entryOf);
  const [one, other] = entries;
  if (!one || !other) return entries.length * unitsOf(one);
  if (isDeepStrictEqual(one, other)) return 0;
  return isDeepStrictEqual(only(one, key), only(other, key)) ? unitsOf(one, other) : unitsOf(one) + unitsOf(other);
}

interface Request {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConditionExpression?: string;
}

/** Counts the write units of requests: keeps every item that was written, and reads each item again after a write. */
export class WriteCounter {
  private writes: number[] = [];
  private readonly items = new Map<string, Item>();

  constructor(private readonly db: DynamoDBClient) {}

  /** For a proxy between the functions and AWS. The functions' items must have no other writer. */
  readonly observeResponse: ResponseObserver = async ({ service, label }, body, status) => {
    const [, operation = ''] = label.split(' ');
    if (service !== 'dynamodb' || operation === 'Query') return;
    const { TableName, Item, Key: at, ConditionExpression }: Request = JSON.parse(body.toString());
    const table = Object.values(TABLES).find(({ name }) => inEnvironment(name, ENVIRONMENT) === TableName);
    const failed = status !== 200;
    if (!table || !['PutItem', 'UpdateItem'].includes(operation) || (failed && !ConditionExpression)) {
      // There is no rule for it: the sum is no number, which equals no expectation.
      this.writes.push(Number.NaN);
      return;
    }
    const key = namesOf(table);
    const Key = only(Item ?? at ?? {}, key);
    const id = JSON.stringify([TableName, Key]);
    const before = this.items.get(id);
    if (failed) {
      // The condition failed: no index is written.
      this.writes.push(unitsOf(before, Item));
      return;
    }
    const { Item: after = {} } = await this.db.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    this.items.set(id, after);
    const indexes: readonly IndexSchema[] = Object.values(table.indexes);
    this.writes.push(
      indexes.reduce((sum, index) => sum + indexUnits(index, key, before, after), unitsOf(before, after)),
    );
  };

  /** Returns the units of each write since the last call. */
  take(): readonly number[] {
    return this.writes.splice(0);
  }
}

interface Step {
  readonly detailType: string;
  /** Minutes after the scenario's start. */
  readonly minute: number;
  readonly detail: object;
}

const shipment = (detailType: string) => (status: string, minute: number, more?: object) => ({
  detailType,
  minute,
  detail: { status, ...more },
});
const created = shipment('Shipment Created')('pending', 0);
const update = shipment('Shipment Status Updated');
const correct = shipment('Shipment Status Corrected');

const error = (detailType: string) => ({
  detailType,
  minute: 0,
  detail: { error_type: 'carrier_feed_down', error_message: 'The feed has been silent for an hour' },
});

/** Events of one shipment; the last one has the outcome. */
const SCENARIOS: Readonly<Record<Outcome, readonly Step[]>> = {
  first: [created],
  moved: [created, update('in_transit', 1)],
  notified: [update('in_transit', 1), update('delivered', 2)],
  duplicate: [update('in_transit', 1), update('in_transit', 1)],
  superseded: [update('delivered', 2), update('in_transit', 1)],
  hidden: [update('delivered', 1), update('in_transit', 2)],
  corrected: [update('delivered', 1), correct('in_transit', 2, { reason: 'The scan belongs to another' })],
  afterCorrection: [correct('in_transit', 1, { reason: 'A scan failed' }), update('out_for_delivery', 2)],
  conflict: [update('in_transit', 1), update('in_transit', 1, { old_status: 'pending' })],
  rejected: [update('teleported', 1)],
  errorEvent: [error('Processing Error')],
  criticalErrorEvent: [error('Critical Error')],
};

const METADATA = { origin: 'Rotterdam', destination: 'Lyon', carrier: 'NordFreight', estimated_days: 4 };

let shipments = 0;

/**
 * Delivers each scenario, whose events are padded by a number of bytes, and the announcements of its failures.
 * @returns the units of each write of the last event, by outcome
 */
export async function countOutcomes(lambda: Lambda, counter: WriteCounter, padding = 0) {
  const note = padding > 0 ? { note: 'x'.repeat(padding) } : {};
  const announced: { readonly Detail: string }[] = [];
  lambda.watch((call, body, status) => {
    if (call.service === 'events') announced.push(...JSON.parse(body.toString()).Entries);
    return counter.observeResponse(call, body, status);
  });

  async function deliver(detailType: string, event: { id: string; time: string; detail: object }): Promise<void> {
    const taken = SAMPLED_CONTRACTS.find(({ contract }) => contract.detailType === detailType);
    if (!taken) throw new Error(`no function takes ${detailType}`);
    await lambda.deliver(taken.key, { ...event, source: taken.contract.source, 'detail-type': detailType });
    for (const { Detail } of announced.splice(0))
      await deliver(eventFailed.detailType, { ...event, id: `${event.id}-announced`, detail: JSON.parse(Detail) });
  }

  const counted: Partial<Record<Outcome, readonly number[]>> = {};
  for (const outcome of Object.keys(SCENARIOS) as Outcome[]) {
    shipments += 1;
    const shipment_id = `SHP-2026-${String(shipments).padStart(7, '0')}`;
    for (const { detailType, minute, detail } of SCENARIOS[outcome]) {
      counter.take();
      await deliver(detailType, {
        // As long as real identifiers.
        id: `7bf73129-1428-4cd3-a780-${String(shipments * 100 + minute).padStart(12, '0')}`,
        time: new Date(Date.UTC(2026, 2, 2, 8, minute)).toISOString(),
        detail:
          'status' in detail ? { shipment_id, ...detail, metadata: { ...METADATA, ...note } } : { ...detail, ...note },
      });
      counted[outcome] = counter.take();
    }
  }
  return counted as Record<Outcome, readonly number[]>;
}
