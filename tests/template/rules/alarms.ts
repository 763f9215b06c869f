/** Rules on the alarms, with their own list of contributors, so that a lost series is noticed. */
import { GetAtt, If, Join } from 'cloudform-types/types/functions';
import { ALARM_NAMES, alarmTextOf } from '../../../contracts/alarms';
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
import { named, onlyIf, ref } from '../../../template-src/intrinsics';
import { functionIds } from '../../../template-src/logical-ids';
import { METRIC_CATALOGUE } from '../metric-catalogue';
import { mustBe, plain, type RenderedTemplate, type Rules, resourcesOf } from './rule';

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

/** The condition under which a contributor is watched, by the function's name in its dimensions. */
function conditionOf(dimensions: Dimensions): string | undefined {
  const text = JSON.stringify(dimensions);
  if (/stalled-?shipments/i.test(text)) return 'ReportsStalledShipments';
  return /^\{"FunctionName":.*CarrierWebhook/.test(text) ? 'TakesCarrierWebhooks' : undefined;
}

const QUIET = ['logistics-throttles', 'logistics-duration'];

interface Watched {
  readonly Metric: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions: readonly { readonly Name: string }[];
  };
  readonly Stat: string;
}

/** @throws for an alarm without a name or metrics */
const alarms = (template: RenderedTemplate) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties = {} }]) => {
    const { 'Fn::Sub': name } = Properties['AlarmName'] as { 'Fn::Sub': string };
    const metrics = Properties['Metrics'] as readonly { readonly MetricStat: Watched }[];
    // The first series of an alarm has no condition.
    const { MetricStat: watched } = metrics[0] as { MetricStat: Watched };
    return { name: name.replace('-${EnvironmentSuffix}', ''), properties: Properties, metrics, watched };
  });

/** CloudWatch's function that combines series, by their statistic. */
const COMBINES: Readonly<Record<string, string>> = { Sum: 'SUM', Maximum: 'MAX' };

/** Expected metrics of an alarm: each contributor, under its condition, with missing data as 0. */
function metricsOf({ Metric: { Namespace, MetricName }, Stat }: Watched, contributors: readonly Dimensions[]) {
  const series = contributors.map((dimensions, index) => ({
    condition: conditionOf(dimensions),
    filled: `FILL(m${index + 1}, 0)`,
    metric: {
      Id: `m${index + 1}`,
      MetricStat: {
        Metric: {
          Namespace,
          MetricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: 300,
        Stat,
      },
      ReturnData: false,
    },
  }));
  const always = series.filter(({ condition }) => !condition).map(({ filled }) => filled);
  const beginning = `${COMBINES[Stat]}([${always.join(', ')}`;
  const conditional = series.flatMap(({ condition, filled }) => (condition ? [If(condition, `, ${filled}`, '')] : []));
  const Expression = conditional.length > 0 ? Join('', [beginning, ...conditional, '])']) : `${beginning}])`;
  return plain([
    ...series.map(({ condition, metric }) => (condition ? onlyIf<object>(condition, metric) : metric)),
    { Id: 'computed', Expression, ReturnData: true },
  ]);
}

/** Removes the divisors of an alarm on shares of a timeout. */
const undivided = (metrics: unknown): unknown =>
  JSON.parse(JSON.stringify(metrics).replaceAll(/, 0\) \/ \d+000\b/g, ', 0)'));

export const alarmRules: Rules = {
  'the alarms are those that the operator’s command looks for': (template) =>
    mustBe(
      'the alarms',
      alarms(template)
        .map(({ name }) => name)
        .sort(),
      [...ALARM_NAMES].sort(),
    ),

  'each alarm combines every series that can show its symptom, and counts missing data as 0': (template) =>
    alarms(template).flatMap(({ name, metrics, watched }) => {
      const { Namespace, MetricName } = watched.Metric;
      const contributors = CONTRIBUTORS[name] ?? CONTRIBUTORS[`${Namespace} ${MetricName}`] ?? CONTRIBUTORS[Namespace];
      if (!contributors) return [`CONTRIBUTORS in tests/template/rules/alarms.ts has no entry for ${name}`];
      return mustBe(
        `the metrics of ${name} (CONTRIBUTORS in tests/template/rules/alarms.ts)`,
        undivided(metrics),
        metricsOf(watched, contributors),
      );
    }),

  'one event in a dead-letter queue or in the unrouted queue is enough for its alarm': (template) =>
    alarms(template)
      .filter(({ name }) => name.endsWith('-arrivals'))
      .flatMap(({ name, properties }) => mustBe(`the threshold of ${name}`, properties['Threshold'], 0)),

  'each alarm goes off above its threshold, evaluates one period more, and notifies at its beginning and end unless it is quiet':
    (template) =>
      alarms(template).flatMap(({ name, properties }) => {
        const { DatapointsToAlarm, EvaluationPeriods, ComparisonOperator, TreatMissingData } = properties;
        const { AlarmActions, OKActions, ActionsEnabled } = properties;
        const actions = QUIET.includes(name) ? undefined : [{ Ref: 'AlertsTopic' }];
        return mustBe(
          name,
          { EvaluationPeriods, ComparisonOperator, TreatMissingData, AlarmActions, OKActions, ActionsEnabled },
          {
            EvaluationPeriods: Number(DatapointsToAlarm) + 1,
            ComparisonOperator: 'GreaterThanThreshold',
            TreatMissingData: 'notBreaching',
            AlarmActions: actions,
            OKActions: actions,
            ActionsEnabled: undefined,
          },
        );
      }),

  'each alarm watches a metric that AWS publishes with these dimensions': (template) =>
    alarms(template).flatMap(({ name, watched: { Metric } }) => {
      const names = Metric.Dimensions.map(({ Name }) => Name).sort();
      const published = METRIC_CATALOGUE[Metric.Namespace]?.[Metric.MetricName] ?? [];
      return published.some((dimensions) => dimensions.join() === names.join())
        ? []
        : [
            `${name}: ${Metric.Namespace} ${Metric.MetricName} by ${names} is not in tests/template/metric-catalogue.ts`,
          ];
    }),

  'each alarm’s description ends with the command to type, and fits CloudWatch’s 1,024 characters': (template) =>
    alarms(template).flatMap(({ name, properties }) => {
      const { 'Fn::Sub': text } = properties['AlarmDescription'] as { 'Fn::Sub': string };
      return alarmTextOf(text.replaceAll('${EnvironmentSuffix}', '{env}')).command && text.length < 1_000
        ? []
        : [`the description of ${name} is: ${text}`];
    }),
};
