import { CARRIER_NAMES } from '../../contracts/carriers';
import { METRICS, type MetricKey } from '../../contracts/metrics';
import { ARCHIVE_DAYS } from '../../contracts/retention';
import { FUNCTION_FIGURES } from '../../template-src/defaults';
import { alarmDefinitions } from '../../template-src/monitoring/alarms';
import type { ConditionName } from '../../template-src/parameters';
import { template } from '../../template-src/template';
import { grouped } from './grouped';
import { FREE, PRICES } from './prices';
import {
  BILLED_MS,
  CHANGE_LOG_BYTES,
  EVENT_BYTES,
  LOG_BYTES,
  LOG_ROW_BYTES,
  PLATFORM_LOG_BYTES,
  SHIPMENT,
  WEBHOOK_LOG_BYTES,
  WRITE_UNITS,
  WRITES,
} from './usage';

export interface Line {
  readonly what: string;
  readonly how: string;
  /** A month. */
  readonly dollars: number;
}

const DAYS = 30;
const GIGABYTE = 1e9;

const resourcesOf = (type: string) =>
  Object.values(template.Resources ?? {}).filter(({ Type }) => Type === type).length;

const alarms = Object.values(alarmDefinitions);
const series = alarms.flatMap((alarm) => alarm.series);
/** An alarm is billed for each metric that it watches. */
const alarmMetrics = series.filter(({ condition }) => !condition).length;
const watchedWhile = (name: ConditionName) => series.filter(({ condition }) => condition === name).length;
const keys = resourcesOf('AWS::KMS::Key');
const dashboards = resourcesOf('AWS::CloudWatch::Dashboard');

/** Metrics of a carrier platform that calls. */
const WEBHOOK_METRICS: readonly MetricKey[] = ['webhooks', 'webhooksRefused', 'unknownWords', 'failed'];
/** Monthly cost of the metrics of the carriers' address where it is open and every platform calls, and of the alarms on its function. */
export const carriersAddress =
  watchedWhile('TakesCarrierWebhooks') * PRICES.alarmMetricMonth +
  CARRIER_NAMES.length * WEBHOOK_METRICS.length * PRICES.metricMonth;

/** What the notification handler counts, and the status publisher; the two of shipments count all that no other has for itself. */
const ERROR_METRICS: readonly MetricKey[] = ['rejected', 'failed', 'notified', 'suppressed', 'eventAge'];
const PUBLISHER_METRICS: readonly MetricKey[] = ['rejected', 'failed', 'changesPublished', 'eventAge'];
const STALLED_METRICS: readonly MetricKey[] = ['failed', 'stalled', 'eventAge'];
const OF_OTHERS: ReadonlySet<string> = new Set<MetricKey>([
  'suppressed',
  'changesPublished',
  'stalled',
  ...WEBHOOK_METRICS.filter((metric) => metric !== 'failed'),
]);
const ofShipments = Object.keys(METRICS).filter((metric) => !OF_OTHERS.has(metric));
const metrics = 2 * ofShipments.length + ERROR_METRICS.length + PUBLISHER_METRICS.length;
/** Monthly cost of the report of stalled shipments where it runs, beside what it does. */
export const reportOfStalled =
  watchedWhile('ReportsStalledShipments') * PRICES.alarmMetricMonth + STALLED_METRICS.length * PRICES.metricMonth;

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A price as text: `$0.10`, `$0.023`. */
const price = (amount: number) => `$${amount.toFixed(4).replace(/0{1,2}$/, '')}`;

const perMillion = (each: number) => `${price(each * 1e6)} per million`;

const writeUnits = average(SHIPMENT.map(({ becomes }) => WRITE_UNITS[becomes]));
/** Memory of the function that handles an event. */
export const gigabytes = average(SHIPMENT.map((event) => FUNCTION_FIGURES[event.function].memory / 1_024));
/** Dollars of one invocation. */
const invocation = (memory: number) =>
  PRICES.lambdaRequest + ((memory * BILLED_MS) / 1_000) * PRICES.lambdaGigabyteSecond;
/** Dollars to take a gigabyte into the archive, and to keep it there for its days. */
const archivePrice = PRICES.archiveGigabyte + (ARCHIVE_DAYS / DAYS) * PRICES.archiveGigabyteMonth;
/** Dollars of one status change at most: changes that come together share an invocation. */
const changePublished =
  PRICES.busEvent +
  invocation(FUNCTION_FIGURES['status-publisher'].memory / 1_024) +
  ((CHANGE_LOG_BYTES + PLATFORM_LOG_BYTES) * PRICES.logsGigabyte) / GIGABYTE;
/** Dollars of one carrier's webhook beside its events. A function URL has no price of its own. */
export const webhook =
  invocation(FUNCTION_FIGURES['carrier-webhook'].memory / 1_024) +
  ((WEBHOOK_LOG_BYTES + PLATFORM_LOG_BYTES) * PRICES.logsGigabyte) / GIGABYTE;
const notified = average(SHIPMENT.map(({ becomes }) => (becomes === 'notified' ? 1 : 0)));

/** SNS keeps a data key for five minutes per publisher and asks KMS twice for each: three roles on one topic, one on the other. */
const keyRequests = ((DAYS * 86_400) / 300) * 2 * 4;

/** Monthly cost of an idle stack. */
export const idle: readonly Line[] = [
  {
    what: 'keys of the topics and of the data',
    how: `${keys} x ${price(PRICES.keyMonth)}; one without \`EncryptWithOwnKey\``,
    dollars: keys * PRICES.keyMonth,
  },
  {
    what: `${alarms.length} alarms on ${alarmMetrics} metrics`,
    how: `the first ${FREE.alarmMetrics} metrics free, ${price(PRICES.alarmMetricMonth)} each`,
    dollars: (alarmMetrics - FREE.alarmMetrics) * PRICES.alarmMetricMonth,
  },
  {
    what: `${dashboards} dashboard`,
    how: `the first ${FREE.dashboards} free`,
    dollars: Math.max(0, dashboards - FREE.dashboards) * PRICES.dashboardMonth,
  },
  { what: 'tables, functions, queues, bus, topics, saved queries', how: 'by use', dollars: 0 },
];

/** Monthly cost of so many events a day, beside the idle stack. */
export function used(eventsADay: number): readonly Line[] {
  const events = eventsADay * DAYS;
  const logGigabytes = (events * (LOG_BYTES + PLATFORM_LOG_BYTES)) / GIGABYTE;
  const archiveGigabytes = (events * EVENT_BYTES) / GIGABYTE;
  const count = grouped(events);
  return [
    {
      what: 'DynamoDB writes',
      how: `${count} x ${writeUnits} units x ${perMillion(PRICES.writeUnit)}`,
      dollars: events * writeUnits * PRICES.writeUnit,
    },
    { what: 'EventBridge', how: `${count} x ${perMillion(PRICES.busEvent)}`, dollars: events * PRICES.busEvent },
    {
      what: 'status changes',
      how: `${count} x ${perMillion(PRICES.busEvent)} on the bus; at most one invocation of ${BILLED_MS} ms each, and its logs; Lambda reads streams for nothing`,
      dollars: events * changePublished,
    },
    {
      what: 'Lambda',
      how: `${count} requests x ${perMillion(PRICES.lambdaRequest)}, ${BILLED_MS} ms each`,
      dollars: events * invocation(gigabytes),
    },
    {
      what: 'logs',
      how: `${grouped(LOG_BYTES + PLATFORM_LOG_BYTES)} bytes an event, ${logGigabytes.toFixed(1)} GB x ${price(PRICES.logsGigabyte)}`,
      dollars: logGigabytes * PRICES.logsGigabyte,
    },
    {
      what: 'custom metrics',
      how: `at most ${metrics}, the first ${FREE.metrics} free, ${price(PRICES.metricMonth)} each`,
      dollars: (metrics - FREE.metrics) * PRICES.metricMonth,
    },
    {
      what: 'SNS',
      how: `one event in four notifies, ${perMillion(PRICES.topicMessage)}; its key at most`,
      dollars: events * notified * PRICES.topicMessage + keyRequests * PRICES.keyRequest,
    },
    {
      what: 'archive',
      how: `${archiveGigabytes.toFixed(1)} GB x ${price(PRICES.archiveGigabyte)}, and ${ARCHIVE_DAYS} days of them kept at ${price(PRICES.archiveGigabyteMonth)} a month`,
      dollars: archiveGigabytes * archivePrice,
    },
  ];
}

/** Dollars of one event beside its writes: the bus, one invocation with its log lines, the archive. */
export const handling =
  PRICES.busEvent +
  invocation(gigabytes) +
  ((LOG_BYTES + PLATFORM_LOG_BYTES) * PRICES.logsGigabyte + EVENT_BYTES * archivePrice) / GIGABYTE;

/** Dollars that each month adds to the monthly bill for good: the log is kept, and restorable. */
export const growth = (eventsADay: number) =>
  ((eventsADay * DAYS * LOG_ROW_BYTES) / GIGABYTE) * (PRICES.tableGigabyteMonth + PRICES.restorableGigabyteMonth);

/** Dollars a month for the tables' key, if DynamoDB asked KMS for it with each request. */
export const keyAtMost = (eventsADay: number) => eventsADay * DAYS * WRITES * PRICES.keyRequest;

export const total = (lines: readonly Line[]) => lines.reduce((sum, { dollars }) => sum + dollars, 0);
