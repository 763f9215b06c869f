import Dashboard from 'cloudform-types/types/cloudWatch/dashboard';
import { CARRIER_NAMES, type CarrierName } from '../../contracts/carriers';
import {
  deadLetterQueueName,
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  FUNCTION_KEYS,
  type FunctionKey,
  functionName,
  QUEUED_FUNCTION_KEYS,
  recordsShipments,
  SCHEDULED_FUNCTION_KEYS,
  STREAM_FUNCTION_KEYS,
} from '../../contracts/functions';
import { METRIC_NAMESPACE, METRICS, type MetricKey, metricDimensions } from '../../contracts/metrics';
import { NAMES } from '../../contracts/names';
import { named, sub } from '../intrinsics';
import type { Resources } from '../resources';
import { alarmDefinitions } from './alarms';

/** A metric in a dashboard's JSON: namespace, name, then pairs of dimension and value. */
type Series = readonly string[];

const ENV = '${EnvironmentSuffix}';
const PERIOD_SECONDS = 300;
const COLUMNS = 24;
const WIDTH = 8;
const HEIGHT = 6;

const SHIPMENT_FUNCTIONS = EVENT_FUNCTION_KEYS.filter(recordsShipments);

/** A schedule's event is empty, so its function rejects none. */
const REJECTING_FUNCTIONS = [...EVENT_FUNCTION_KEYS, ...STREAM_FUNCTION_KEYS];

const series = (metric: MetricKey, key: FunctionKey, platform?: CarrierName): Series => [
  METRIC_NAMESPACE,
  METRICS[metric],
  ...Object.entries(metricDimensions(ENV, key, platform)).flat(),
];

const own = (metric: MetricKey, functions: readonly FunctionKey[] = QUEUED_FUNCTION_KEYS) =>
  functions.map((key) => series(metric, key));

const ofPlatforms = (metric: MetricKey) => CARRIER_NAMES.map((platform) => series(metric, 'carrier-webhook', platform));

const ofFunctions = (metric: string, functions: readonly FunctionKey[] = FUNCTION_KEYS): Series[] =>
  functions.map((key) => ['AWS/Lambda', metric, 'FunctionName', `${functionName(key)}-${ENV}`]);

const rules = [...EVENT_FUNCTION_KEYS.map((key) => EVENT_FUNCTIONS[key].rule), NAMES.unroutedRule];

const ofRules = (metric: string): Series[] =>
  rules.map((rule) => ['AWS/Events', metric, 'EventBusName', `${NAMES.bus}-${ENV}`, 'RuleName', `${rule}-${ENV}`]);

const queues = [...QUEUED_FUNCTION_KEYS.map(deadLetterQueueName), NAMES.unroutedQueue];

export const graphs: readonly { title: string; stat: string; metrics: readonly Series[] }[] = [
  { title: 'Events in, by rule', stat: 'Sum', metrics: ofRules('MatchedEvents') },
  { title: 'Accepted', stat: 'Sum', metrics: own('accepted', SHIPMENT_FUNCTIONS) },
  { title: 'Duplicate', stat: 'Sum', metrics: own('duplicate', SHIPMENT_FUNCTIONS) },
  { title: 'Superseded', stat: 'Sum', metrics: own('superseded', SHIPMENT_FUNCTIONS) },
  // Only the status updater handles corrections.
  { title: 'Corrections', stat: 'Sum', metrics: own('corrected', ['status-updater']) },
  { title: 'Rejected', stat: 'Sum', metrics: own('rejected', REJECTING_FUNCTIONS) },
  { title: 'Notified', stat: 'Sum', metrics: own('notified', EVENT_FUNCTION_KEYS) },
  { title: 'Status changes published', stat: 'Sum', metrics: own('changesPublished', ['status-publisher']) },
  {
    title: 'Status changes wait (ms)',
    stat: 'Maximum',
    metrics: ofFunctions('IteratorAge', STREAM_FUNCTION_KEYS),
  },
  { title: 'Stalled shipments reported', stat: 'Sum', metrics: own('stalled', SCHEDULED_FUNCTION_KEYS) },
  { title: "Carriers' webhooks", stat: 'Sum', metrics: ofPlatforms('webhooks') },
  { title: "Carriers' webhooks refused", stat: 'Sum', metrics: ofPlatforms('webhooksRefused') },
  { title: "Carriers' unknown status words", stat: 'Sum', metrics: ofPlatforms('unknownWords') },
  { title: 'Alerts beyond the limit', stat: 'Sum', metrics: own('suppressed', ['notification-handler']) },
  {
    title: 'Unexpected transitions, mismatches',
    stat: 'Sum',
    // A created event has no earlier status.
    metrics: [...own('unexpectedTransition', SHIPMENT_FUNCTIONS), ...own('oldStatusMismatch', ['status-updater'])],
  },
  { title: 'Attempts failed', stat: 'Sum', metrics: [...own('failed'), ...ofPlatforms('failed')] },
  { title: 'Event age, p99 (ms)', stat: 'p99', metrics: own('eventAge') },
  { title: 'Duration, p99 (ms)', stat: 'p99', metrics: ofFunctions('Duration') },
  {
    title: 'Waiting for an operator',
    stat: 'Maximum',
    metrics: queues.map((name) => ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', `${name}-${ENV}`]),
  },
];

const place = (index: number) => ({
  x: (index * WIDTH) % COLUMNS,
  y: Math.floor((index * WIDTH) / COLUMNS) * HEIGHT,
  width: WIDTH,
  height: HEIGHT,
});

const body = {
  widgets: [
    ...graphs.map(({ title, stat, metrics }, index) => ({
      type: 'metric',
      ...place(index),
      properties: { title, stat, metrics, period: PERIOD_SECONDS, region: '${AWS::Region}', view: 'timeSeries' },
    })),
    {
      type: 'alarm',
      ...place(graphs.length),
      properties: { title: 'Alarms', alarms: Object.values(alarmDefinitions).map(({ id }) => `\${${id}.Arn}`) },
    },
  ],
};

export const DASHBOARD_ID = 'Dashboard';

export const dashboard: Resources = {
  [DASHBOARD_ID]: new Dashboard({ DashboardName: named(NAMES.dashboard), DashboardBody: sub(JSON.stringify(body)) }),
};
