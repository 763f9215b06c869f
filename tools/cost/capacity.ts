/** How many events a second each part of the stack can handle, computed from its limit. */

import { markdownTable } from '../../lib/markdown';
import { parameters } from '../../template-src/parameters';
import { idleBill, monthlyGrowth, total, usageBill } from './bill';
import { grouped } from './grouped';
import { dollars } from './tables';
import { BILLED_MS, SHIPMENT } from './usage';

/** A burst is this many times the average: carriers send their scans in waves. */
const BURST = 5;

const RESERVED = parameters.ShipmentProcessorConcurrency.Default;
const ACCOUNT_CONCURRENCY = 1_000;
const PARTITION_UNITS = 1_000;
const TABLE_UNITS = 4_000;
const BUS_ENTRIES = 10_000;

/** Share of an ordinary shipment's events for which the condition holds. */
const share = (holds: (event: (typeof SHIPMENT)[number]) => boolean) => SHIPMENT.filter(holds).length / SHIPMENT.length;
const createdShare = share((event) => event.function === 'shipment-processor');
const perSecond = (invocations: number) => (invocations * 1_000) / BILLED_MS;

/** Write units of an average event on the log table: its row, and a second write if it notifies. */
const logUnits = 1 + share((event) => event.becomes === 'notified');

/** An ordinary shipment enters each status once and leaves it once. */
const statusUnits = 2 / SHIPMENT.length;

/** Each part's limit, and the events a second of the whole stack at which it is reached. */
const LIMITS = [
  {
    part: "the shipment processor's concurrency",
    limit: `${RESERVED} invocations of ${BILLED_MS} ms, ${createdShare * 100} % of the events`,
    source: 'parameter `ShipmentProcessorConcurrency`',
    eventsASecond: perSecond(RESERVED) / createdShare,
    step: 'raise the parameter; costs nothing by itself',
  },
  {
    part: 'one status in a status index',
    limit: `${grouped(PARTITION_UNITS)} write units a second a partition, ${statusUnits} an event`,
    source: 'DynamoDB, "Partitions and data distribution"',
    eventsASecond: PARTITION_UNITS / statusUnits,
    step: 'shard the index (below); 2 or 3 write units an event more while both indexes exist',
  },
  {
    part: "the log table's write units",
    limit: `${grouped(TABLE_UNITS)} a second at first, ${logUnits} an event; then double the former peak within 30 minutes`,
    source: 'DynamoDB, "On-demand capacity mode"',
    eventsASecond: TABLE_UNITS / logUnits,
    step: '`WarmThroughput` before the first peak, paid once; beyond 40,000 a quota to be raised',
  },
  {
    part: 'the bus',
    limit: `${grouped(BUS_ENTRIES)} PutEvents entries a second in us-east-1, less elsewhere`,
    source: 'EventBridge, "Quotas"',
    eventsASecond: BUS_ENTRIES,
    step: 'a quota to be raised',
  },
  {
    part: "the status updater's concurrency",
    limit: `${ACCOUNT_CONCURRENCY - RESERVED} unreserved invocations of ${BILLED_MS} ms`,
    source: 'Lambda, "Quotas": 1,000 an account and region',
    eventsASecond: perSecond(ACCOUNT_CONCURRENCY - RESERVED) / (1 - createdShare),
    step: 'a quota to be raised',
  },
];

/** Both tables of docs/scale.md: the limits, and which of them each rate reaches. */
export const capacityTables = [
  markdownTable(
    ['part', 'limit', 'source', 'events a second it takes', 'the step past it'],
    LIMITS.map(({ part, limit, source, eventsASecond, step }) => [part, limit, source, grouped(eventsASecond), step]),
  ),
  '',
  markdownTable(
    [
      `events a second, bursts of ${BURST} times that`,
      'full in a burst, first to last',
      'a month, and what each adds to later ones',
    ],
    [10, 100, 1_000, 10_000].map((rate) => {
      const full = LIMITS.filter(({ eventsASecond }) => eventsASecond < rate * BURST).sort(
        (one, other) => one.eventsASecond - other.eventsASecond,
      );
      const day = rate * 86_400;
      return [
        grouped(rate),
        full.map(({ part }) => part).join('; ') || 'nothing',
        `${dollars(total(idleBill) + total(usageBill(day)))}, ${dollars(monthlyGrowth(day))}`,
      ];
    }),
  ),
].join('\n');
