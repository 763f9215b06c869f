import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBClient, GetItemCommand, type PutItemCommand } from '@aws-sdk/client-dynamodb';
import { STATUSES } from '../../contracts/statuses';
import { eventLog } from '../../src/adapters/event-log';
import { shipments } from '../../src/adapters/shipments';
import { advanceStatus } from '../../src/application/advance-status';
import { Rejected } from '../../src/domain/failures';
import { canonicalJson } from '../../src/domain/json';
import { processResultOf } from '../../src/domain/process-result';
import type { ShipmentEvent } from '../../src/domain/shipment-event';
import { versionOf } from '../../src/domain/version';
import { type Claims, heldUnless, verdict } from './claim';
import { appendAtOnce, LONGEST_ID, REFUSED, STORED, sortedByDynamoDb, storeAndRead } from './dynamodb-cases';
import { tableOf } from './tables';
import { refusalOf, type Trial } from './trial';

const START = Date.UTC(2026, 2, 2, 8);

const event = (overrides: Partial<ShipmentEvent>): ShipmentEvent => ({
  event_id: 'e-1',
  timestamp: START,
  shipment_id: 'SHP-1',
  status: 'pending',
  detail_type: 'Shipment Status Updated',
  metadata: {},
  payload_hash: '2:hash',
  received: {},
  ...overrides,
});

/** Events of every status, at times with different numbers of digits, with ids that differ in case, sign and length. */
const VERSIONED = STATUSES.flatMap((status) =>
  [946_684_800_000, START, START + 1, 8.64e15].flatMap((timestamp) =>
    ['A', 'a', 'a!', 'aa', 'Z', '~', '0', '10', '9'].map((event_id) => event({ status, timestamp, event_id })),
  ),
);

const logOf = async (trial: Trial) => {
  const table = await tableOf(trial, 'shipmentEvents');
  return { table, log: eventLog(trial.target.db, table, 0, trial.ending) };
};

/** Write units of the two writes of an event, as docs/performance.md counts them. */
export const COUNTED_UNITS = { first: 5, moved: 6 } as const;

/** A client that sums the write units that DynamoDB reports. */
function meteredClient(db: DynamoDBClient) {
  const meter = { units: 0 };
  const send = async (command: PutItemCommand, options: object) => {
    command.input.ReturnConsumedCapacity = 'TOTAL';
    const answer = await db.send(command, options);
    meter.units += answer.ConsumedCapacity?.CapacityUnits ?? 0;
    return answer;
  };
  return { client: { send } as unknown as DynamoDBClient, meter };
}

export const dynamodb: Claims = {
  'conditional-put': {
    sentence:
      'Of concurrent conditional puts of one key exactly one succeeds, and every other one returns the stored row.',
    source:
      'docs/architecture.md, "Life of an event"; DynamoDB API reference, PutItem (ReturnValuesOnConditionCheckFailure)',
    how: 'twenty concurrent puts of one event; tests/integration/events/event-log.dynamodb.test.ts',
    async try(trial) {
      const { log } = await logOf(trial);
      const answers = await appendAtOnce(log, event({ event_id: 'at-once' }));
      const created = answers.filter((answer) => answer.created).length;
      const answered = answers.filter((answer) => !answer.created && answer.existing.payload_hash === '2:hash').length;
      return verdict(
        created === 1 && answered === answers.length - 1,
        `${created} created, ${answered} returned the stored row`,
      );
    },
  },
  'version-order': {
    sentence:
      'DynamoDB compares strings by their bytes, in sort keys and conditions, so that a status row ends with the greatest version.',
    source: 'docs/architecture.md, "Life of an event"; DynamoDB developer guide, "Data types"',
    how: `${VERSIONED.length} versions as sort keys; as many status writes of one shipment, ten at a time; tests/integration/events/shipments.dynamodb.test.ts`,
    async try(trial) {
      const { db } = trial.target;
      const versions = VERSIONED.map(versionOf);
      const ordered = [...versions].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      const sorted = await sortedByDynamoDb(db, await tableOf(trial, 'versions'), versions);
      const TableName = await tableOf(trial, 'shipments');
      const table = shipments(db, TableName, trial.ending);
      // Mixed by a stride of 7, which does not divide the number of events.
      const mixed = VERSIONED.map((_, index) => VERSIONED[(index * 7) % VERSIONED.length] ?? event({}));
      for (let at = 0; at < mixed.length; at += 10)
        await Promise.all(mixed.slice(at, at + 10).map((version) => advanceStatus(version, table)));
      const Key = { shipment_id: { S: 'SHP-1' } };
      const { Item } = await db.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      const isSorted = isDeepStrictEqual(sorted, ordered);
      const isGreatest = Item?.['version']?.S === ordered.at(-1);
      return verdict(
        isSorted && isGreatest,
        `sort keys ${isSorted ? 'in' : 'not in'} the order of their bytes; the row ${isGreatest ? 'is' : 'is not'} the greatest`,
      );
    },
  },
  'item-limits': {
    sentence: 'DynamoDB stores unchanged everything that the contracts allow, and refuses what exceeds its limits.',
    source: 'contracts/limits.ts; DynamoDB developer guide, "Quotas in Amazon DynamoDB"',
    how: `${Object.keys(STORED).length + 1} rows at the limits, ${REFUSED.length} beyond; tests/integration/events/limits.dynamodb.test.ts`,
    async try(trial) {
      const { table } = await logOf(trial);
      const store = (stored: ShipmentEvent) => storeAndRead(trial.target.db, table, stored);
      const problems: string[] = [];
      for (const [name, metadata] of [...Object.entries(STORED), ['the longest id', {}] as const]) {
        const id = name === 'the longest id' ? LONGEST_ID : name.replaceAll(' ', '-');
        const stored = await store(event({ metadata, event_id: id }));
        if (canonicalJson(stored) !== canonicalJson(metadata)) problems.push(`${name}: stored with a change`);
      }
      for (const [name, metadata, event_id] of REFUSED) {
        const refusal = await refusalOf(store(event({ metadata, event_id })));
        if (!(refusal instanceof Rejected)) problems.push(`${name} is ${refusal?.name ?? 'stored'}`);
      }
      return heldUnless(problems, 'all as they were, all refused');
    },
  },
  'write-units': {
    sentence: 'DynamoDB consumes the write units that docs/performance.md counts.',
    source: 'docs/performance.md, "Write units"; DynamoDB developer guide, "DynamoDB read and write operations"',
    how: 'ReturnConsumedCapacity of the writes of a first event and of one that changes the status (the response to a failed condition has none)',
    async try(trial) {
      const { client, meter } = meteredClient(trial.target.db);
      const log = eventLog(client, await tableOf(trial, 'shipmentEvents'), 0, trial.ending);
      const table = shipments(client, await tableOf(trial, 'shipments'), trial.ending);
      const consumed: number[] = [];
      for (const [minute, status] of (['pending', 'in_transit'] as const).entries()) {
        const change = event({ event_id: `units-${minute}`, shipment_id: 'UNITS', status, timestamp: START + minute });
        meter.units = 0;
        await log.append(change, processResultOf(change, START), undefined);
        await advanceStatus(change, table);
        consumed.push(meter.units);
      }
      const counted = Object.values(COUNTED_UNITS);
      return verdict(
        isDeepStrictEqual(consumed, counted),
        `${consumed.join(' and ')}, where ${counted.join(' and ')} are counted`,
      );
    },
  },
};
