/** The monthly bill, computed from prices and the usage of one event. */
import { ENVIRONMENT_VARIABLES } from '../../contracts/environment';
import {
  EVENT_FUNCTION_KEYS,
  type FunctionKey,
  SCHEDULED_FUNCTION_KEYS,
  STREAM_FUNCTION_KEYS,
  URL_FUNCTION_KEYS,
} from '../../contracts/functions';
import { METRIC_NAMESPACE } from '../../contracts/metrics';
import { ARCHIVE_DAYS } from '../../contracts/retention';
import { FUNCTION_FIGURES } from '../../template-src/defaults';
import { alarmDefinitions } from '../../template-src/monitoring/alarms';
import { graphs } from '../../template-src/monitoring/dashboard';
import type { ConditionName } from '../../template-src/parameters';
import { template } from '../../template-src/template';
import { grouped } from './grouped';
import { FREE, PRICES } from './prices';
import {
  average,
  BILLED_MS,
  CHANGE_LOG_BYTES,
  EVENT_BYTES,
  LOG_BYTES,
  LOG_ROW_BYTES,
  notifiedShare,
  PLATFORM_LOG_BYTES,
  WEBHOOK_LOG_BYTES,
  WRITE_UNITS,
  WRITES,
} from './usage';

export interface Line {
  readonly item: string;
  readonly basis: string;
  /** A month. */
  readonly dollars: number;
}

const DAYS = 30;
const GIGABYTE = 1e9;

const resourcesOf = (type: string) =>
  Object.values(template.Resources ?? {}).filter(({ Type }) => Type === type).length;

const keys = resourcesOf('AWS::KMS::Key');
const dashboards = resourcesOf('AWS::CloudWatch::Dashboard');

const alarms = Object.values(alarmDefinitions);
/** Number of metrics that alarms watch under a condition, or always without one. An alarm is billed for each. */
const watchedMetrics = (name?: ConditionName) =>
  alarms.flatMap(({ series }) => series).filter(({ condition }) => condition === name).length;

/** Number of custom metrics that these functions write. The dashboard shows all of them, which a test checks. */
const metricsOf = (functions: readonly FunctionKey[]) =>
  graphs
    .flatMap(({ metrics }) => metrics)
    .filter(([namespace, ...rest]) => namespace === METRIC_NAMESPACE && functions.some((key) => rest.includes(key)))
    .length;

/** Functions that run whatever the parameters are. */
const ALWAYS_ON = [...EVENT_FUNCTION_KEYS, ...STREAM_FUNCTION_KEYS];
const metrics = metricsOf(ALWAYS_ON);

/** Dollars a month for the metrics of functions that a parameter turns on, and for the alarms on them. */
const optionalMetricsCost = (functions: readonly FunctionKey[], condition: ConditionName) =>
  watchedMetrics(condition) * PRICES.alarmMetricMonth + metricsOf(functions) * PRICES.metricMonth;

/** Dollars a month for the metrics of the carriers' address when every platform calls it. */
export const carriersAddressCost = optionalMetricsCost(URL_FUNCTION_KEYS, 'TakesCarrierWebhooks');

/** Dollars a month for the metrics of the report of stalled shipments, without its reports. */
export const stalledReportCost = optionalMetricsCost(SCHEDULED_FUNCTION_KEYS, 'ReportsStalledShipments');

/** SNS caches a data key for five minutes per publisher and topic, and makes two KMS requests for each. */
const publishers = ALWAYS_ON.flatMap((key) => ENVIRONMENT_VARIABLES[key].filter((name) => name.endsWith('_TOPIC_ARN')));
const keyRequests = ((DAYS * 86_400) / 300) * 2 * publishers.length;

/** A price as text: `$0.10`, `$0.023`. */
const price = (amount: number) => `$${amount.toFixed(4).replace(/0{1,2}$/, '')}`;

const perMillion = (each: number) => `${price(each * 1e6)} per million`;

const writeUnits = average(({ becomes }) => WRITE_UNITS[becomes]);

/** Dollars for one invocation. */
const invocationCost = (key: FunctionKey) =>
  PRICES.lambdaRequest + (((FUNCTION_FIGURES[key].memory / 1_024) * BILLED_MS) / 1_000) * PRICES.lambdaGigabyteSecond;
const eventInvocationCost = average((event) => invocationCost(event.function));

/** Dollars for the log lines of one invocation, including Lambda's own. */
const logCost = (bytes: number) => ((bytes + PLATFORM_LOG_BYTES) * PRICES.logsGigabyte) / GIGABYTE;

/** Dollars to archive an event and store it for the archive's days. */
const archiveCost =
  (EVENT_BYTES / GIGABYTE) * (PRICES.archiveGigabyte + (ARCHIVE_DAYS / DAYS) * PRICES.archiveGigabyteMonth);

/** Upper limit of the dollars for one status change; changes in one batch share an invocation. */
const changeCost = PRICES.busEvent + invocationCost('status-publisher') + logCost(CHANGE_LOG_BYTES);

/** Dollars for one carrier's webhook without its events. A function URL is free. */
export const webhookCost = invocationCost('carrier-webhook') + logCost(WEBHOOK_LOG_BYTES);

/** Dollars for one event without its writes: the bus, one invocation with its log lines, the archive. */
export const handlingCost = PRICES.busEvent + eventInvocationCost + logCost(LOG_BYTES) + archiveCost;

/** Monthly cost of an idle stack. */
export const idleBill: readonly Line[] = [
  {
    item: 'keys of the topics and of the data',
    basis: `${keys} x ${price(PRICES.keyMonth)}; one without \`EncryptWithOwnKey\``,
    dollars: keys * PRICES.keyMonth,
  },
  {
    item: `${alarms.length} alarms on ${watchedMetrics()} metrics`,
    basis: `the first ${FREE.alarmMetrics} metrics free, ${price(PRICES.alarmMetricMonth)} each`,
    dollars: (watchedMetrics() - FREE.alarmMetrics) * PRICES.alarmMetricMonth,
  },
  {
    item: `${dashboards} dashboard`,
    basis: `the first ${FREE.dashboards} free`,
    dollars: Math.max(0, dashboards - FREE.dashboards) * PRICES.dashboardMonth,
  },
  { item: 'tables, functions, queues, bus, topics, saved queries', basis: 'by use', dollars: 0 },
];

/** Monthly cost of this many events a day, on top of the idle stack. */
export function usageBill(eventsADay: number): readonly Line[] {
  const events = eventsADay * DAYS;
  const count = grouped(events);
  const gigabytes = (bytes: number) => `${((events * bytes) / GIGABYTE).toFixed(1)} GB`;
  return [
    {
      item: 'DynamoDB writes',
      basis: `${count} x ${writeUnits} units x ${perMillion(PRICES.writeUnit)}`,
      dollars: events * writeUnits * PRICES.writeUnit,
    },
    { item: 'EventBridge', basis: `${count} x ${perMillion(PRICES.busEvent)}`, dollars: events * PRICES.busEvent },
    {
      item: 'status changes',
      basis: `${count} x ${perMillion(PRICES.busEvent)} on the bus; at most one invocation of ${BILLED_MS} ms each, and its logs; Lambda reads streams for nothing`,
      dollars: events * changeCost,
    },
    {
      item: 'Lambda',
      basis: `${count} requests x ${perMillion(PRICES.lambdaRequest)}, ${BILLED_MS} ms each`,
      dollars: events * eventInvocationCost,
    },
    {
      item: 'logs',
      basis: `${grouped(LOG_BYTES + PLATFORM_LOG_BYTES)} bytes an event, ${gigabytes(LOG_BYTES + PLATFORM_LOG_BYTES)} x ${price(PRICES.logsGigabyte)}`,
      dollars: events * logCost(LOG_BYTES),
    },
    {
      item: 'custom metrics',
      basis: `at most ${metrics}, the first ${FREE.metrics} free, ${price(PRICES.metricMonth)} each`,
      dollars: (metrics - FREE.metrics) * PRICES.metricMonth,
    },
    {
      item: 'SNS',
      basis: `one event in four notifies, ${perMillion(PRICES.topicMessage)}; its key at most`,
      dollars: events * notifiedShare * PRICES.topicMessage + keyRequests * PRICES.keyRequest,
    },
    {
      item: 'archive',
      basis: `${gigabytes(EVENT_BYTES)} x ${price(PRICES.archiveGigabyte)}, and ${ARCHIVE_DAYS} days of them kept at ${price(PRICES.archiveGigabyteMonth)} a month`,
      dollars: events * archiveCost,
    },
  ];
}

/** Dollars that each month adds to every later monthly bill: the log is stored forever, with point-in-time recovery. */
export const monthlyGrowth = (eventsADay: number) =>
  ((eventsADay * DAYS * LOG_ROW_BYTES) / GIGABYTE) * (PRICES.tableGigabyteMonth + PRICES.restorableGigabyteMonth);

/** Dollars a month for the tables' key if DynamoDB made a KMS request for each write. */
export const maximumKeyCost = (eventsADay: number) => eventsADay * DAYS * WRITES * PRICES.keyRequest;

export const total = (lines: readonly Line[]) => lines.reduce((sum, { dollars }) => sum + dollars, 0);
