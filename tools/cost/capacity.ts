/** How many events a second each part of the stack can handle, computed from its limit. */
import { markdownTable } from '../../lib/markdown';
import { parameters } from '../../template-src/parameters';
import { grouped } from './grouped';
import { average, BILLED_MS, notifiedShare, SHIPMENT } from './usage';

const RESERVED = parameters.ShipmentProcessorConcurrency.Default;
const ACCOUNT_CONCURRENCY = 1_000;
const PARTITION_UNITS = 1_000;
const TABLE_UNITS = 4_000;
const BUS_ENTRIES = 10_000;

const createdShare = average((event) => Number(event.function === 'shipment-processor'));
const perSecond = (invocations: number) => (invocations * 1_000) / BILLED_MS;

/** Write units of an average event on the log table: its row, and a second write if it notifies. */
const logUnits = 1 + notifiedShare;

/** An ordinary shipment enters each status once and leaves it once. */
const statusUnits = 2 / SHIPMENT.length;

/** The table of docs/scale.md: each part's limit, and the events a second of the whole stack at which it is reached. */
export const capacityTable = markdownTable(
  ['part', 'limit', 'source', 'events a second it takes', 'the step past it'],
  [
    [
      "the shipment processor's concurrency",
      `${RESERVED} invocations of ${BILLED_MS} ms, ${createdShare * 100} % of the events`,
      'parameter `ShipmentProcessorConcurrency`',
      grouped(perSecond(RESERVED) / createdShare),
      'raise the parameter; costs nothing by itself',
    ],
    [
      'one status in a status index',
      `${grouped(PARTITION_UNITS)} write units a second a partition, ${statusUnits} an event`,
      'DynamoDB, "Partitions and data distribution"',
      grouped(PARTITION_UNITS / statusUnits),
      'shard the index (below); 2 or 3 write units an event more while both indexes exist',
    ],
    [
      "the log table's write units",
      `${grouped(TABLE_UNITS)} a second at first, ${logUnits} an event; then double the former peak within 30 minutes`,
      'DynamoDB, "On-demand capacity mode"',
      grouped(TABLE_UNITS / logUnits),
      '`WarmThroughput` before the first peak, paid once; beyond 40,000 a quota to be raised',
    ],
    [
      'the bus',
      `${grouped(BUS_ENTRIES)} PutEvents entries a second in us-east-1, less elsewhere`,
      'EventBridge, "Quotas"',
      grouped(BUS_ENTRIES),
      'a quota to be raised',
    ],
    [
      "the status updater's concurrency",
      `${ACCOUNT_CONCURRENCY - RESERVED} unreserved invocations of ${BILLED_MS} ms`,
      'Lambda, "Quotas": 1,000 an account and region',
      grouped(perSecond(ACCOUNT_CONCURRENCY - RESERVED) / (1 - createdShare)),
      'a quota to be raised',
    ],
  ],
);
