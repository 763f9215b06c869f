/**
 * Rules on the alarms, with their own list of contributors, so that a lost series is noticed. tests/integration/deployment/alarms.test.ts sets
 * off each alarm by each of its series.
 */
import { GetAtt } from 'cloudform-types/types/functions';
import { alarmTextOf } from '../../../contracts/alarms';
import {
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  FUNCTION_KEYS,
  type FunctionKey,
  QUEUED_FUNCTION_KEYS,
  SCHEDULED_FUNCTION_KEYS,
  STREAM_FUNCTION_KEYS,
} from '../../../contracts/functions';
import { NAMES } from '../../../contracts/names';
import { TABLES } from '../../../contracts/tables';
import { named, ref } from '../../../template-src/intrinsics';
import { functionIds } from '../../../template-src/logical-ids';
import { METRIC_CATALOGUE } from '../metric-catalogue';
import { have, mustBe, plain, type RenderedTemplate, type Rules, resourcesOf } from './rule';

type Dimensions = Readonly<Record<string, unknown>>;

const functions = (keys: readonly FunctionKey[]) =>
  keys.map((key) => ({ FunctionName: ref(functionIds(key).function) }));

const queueOf = (id: string) => ({ QueueName: GetAtt(id, 'QueueName') });

/** A table's own series leaves its indexes out. */
const tableWith = (id: string, { indexes }: { readonly indexes: object }) => [
  { TableName: ref(id) },
  ...Object.keys(indexes).map((index) => ({ TableName: ref(id), GlobalSecondaryIndexName: index })),
];

/** Everything that can show a symptom, by namespace, by metric or by alarm. An alarm must watch all of it. */
const CONTRIBUTORS: Readonly<Record<string, readonly Dimensions[]>> = {
  'AWS/Lambda': functions(FUNCTION_KEYS),
  'AWS/Lambda AsyncEventAge': functions([...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS]),
  'AWS/Lambda DestinationDeliveryFailures': functions(QUEUED_FUNCTION_KEYS),
  'AWS/Lambda IteratorAge': functions(STREAM_FUNCTION_KEYS),
  'AWS/Events': [
    ...[...EVENT_FUNCTION_KEYS.map((key) => EVENT_FUNCTIONS[key].rule), NAMES.unroutedRule].map((rule) => ({
      EventBusName: ref('EventBus'),
      RuleName: named(rule),
    })),
    // On the default bus.
    { RuleName: named('logistics-stalled-shipments') },
  ],
  'logistics-dlq-arrivals': QUEUED_FUNCTION_KEYS.map((key) => queueOf(functionIds(key).queue)),
  'logistics-unrouted-arrivals': [queueOf('UnroutedQueue')],
  'AWS/DynamoDB': [
    ...tableWith('ShipmentEventsTable', TABLES.shipmentEvents),
    ...tableWith('ShipmentsTable', TABLES.shipments),
    ...tableWith('ErrorEventsTable', TABLES.errorEvents),
  ],
  LogisticsEventProcessor: ['easypost', 'shippo', 'aftership'].map((platform) => ({
    environment: ref('EnvironmentSuffix'),
    service: 'carrier-webhook',
    platform,
  })),
};

/** Alarms whose threshold is one of the figures in template-src/defaults.ts. */
const WITH_FIGURE = [
  ...['logistics-high-errors', 'logistics-event-age', 'logistics-stream-age'],
  ...['logistics-dynamodb-throttles', 'logistics-duration'],
];

const QUIET = ['logistics-throttles', 'logistics-duration'];

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** A series, one with a condition, or the expression that combines them. */
interface MetricQuery {
  readonly MetricStat?: { readonly Metric: Metric };
  readonly 'Fn::If'?: readonly [condition: string, series: { readonly MetricStat: { readonly Metric: Metric } }];
}

/** @throws for an alarm without a name or metrics */
const alarms = (template: RenderedTemplate) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties = {} }]) => {
    const name: string = Properties['AlarmName']['Fn::Sub'];
    const queries: readonly MetricQuery[] = Properties['Metrics'];
    const series = queries.flatMap((query) => (query['Fn::If']?.[1] ?? query).MetricStat?.Metric ?? []);
    return { name: name.replace('-${EnvironmentSuffix}', ''), properties: Properties, series };
  });

export const alarmRules: Rules = {
  'each alarm watches everything that can show its symptom': (template) =>
    alarms(template).flatMap(({ name, series }) => {
      const [{ Namespace, MetricName } = { Namespace: '', MetricName: '' }] = series;
      const contributors = CONTRIBUTORS[name] ?? CONTRIBUTORS[`${Namespace} ${MetricName}`] ?? CONTRIBUTORS[Namespace];
      if (!contributors) return [`CONTRIBUTORS in tests/template/rules/alarms.ts has no entry for ${name}`];
      const expected = contributors.map((dimensions) => ({
        Namespace,
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      }));
      return mustBe(`the series of ${name} (CONTRIBUTORS in tests/template/rules/alarms.ts)`, series, plain(expected));
    }),

  'one event that is lost, refused or in a queue is enough for its alarm': (template) =>
    alarms(template)
      .filter(({ name }) => !WITH_FIGURE.includes(name))
      .flatMap(({ name, properties }) =>
        mustBe(
          `the threshold of ${name} (or WITH_FIGURE in tests/template/rules/alarms.ts)`,
          properties['Threshold'],
          0,
        ),
      ),

  'each alarm notifies at its beginning and end, unless it is quiet': (template) =>
    alarms(template).flatMap(({ name, properties: { AlarmActions, OKActions, ActionsEnabled } }) => {
      const actions = QUIET.includes(name) ? undefined : [{ Ref: 'AlertsTopic' }];
      return mustBe(
        `${name} (or QUIET in tests/template/rules/alarms.ts)`,
        { AlarmActions, OKActions, ActionsEnabled },
        { AlarmActions: actions, OKActions: actions, ActionsEnabled: undefined },
      );
    }),

  'each alarm watches a metric that AWS publishes with these dimensions': (template) =>
    alarms(template).flatMap(({ name, series }) =>
      series.flatMap(({ Namespace, MetricName, Dimensions }) => {
        const names = Dimensions.map(({ Name }) => Name)
          .sort()
          .join();
        const published = METRIC_CATALOGUE[Namespace]?.[MetricName] ?? [];
        return published.some((dimensions) => dimensions.join() === names)
          ? []
          : [`${name}: ${Namespace} ${MetricName} by ${names} is not in tests/template/metric-catalogue.ts`];
      }),
    ),

  'each alarm’s description ends with the command to type, and fits CloudWatch’s 1,024 characters': (template) =>
    alarms(template).flatMap(({ name, properties }) => {
      const text: string = properties['AlarmDescription']['Fn::Sub'];
      return alarmTextOf(text.replaceAll('${EnvironmentSuffix}', '{env}')).command && text.length < 1_000
        ? []
        : [`the description of ${name} must be shorter than 1,000 characters and end with a command of ours: ${text}`];
    }),

  'alerts are mailed to AlertEmail when it is set': have(
    { AlertEmailSubscription: { TopicArn: ref('AlertsTopic'), Protocol: 'email', Endpoint: ref('AlertEmail') } },
    'HasAlertEmail',
  ),
};
