/** Rules on the alarms, with a list of contributors of its own: a series that is lost is missed here. */
import { isDeepStrictEqual } from 'node:util';
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
import { functionIds } from '../../../template-src/logical-ids';
import { METRIC_CATALOGUE } from '../metric-catalogue';
import { attribute, mustBe, named, type RenderedTemplate, type Rules, ref, resourcesOf } from './rule';

const functions = (keys: readonly FunctionKey[]) =>
  keys.map((key) => ({ FunctionName: ref(functionIds(key).function) }));
const rules = [
  ...[...EVENT_FUNCTION_KEYS.map((key) => EVENT_FUNCTIONS[key].rule), NAMES.unroutedRule].map((rule) => ({
    EventBusName: ref('EventBus'),
    RuleName: named(rule),
  })),
  // On the default bus.
  { RuleName: named('logistics-stalled-shipments') },
];
const queueOf = (id: string) => ({ QueueName: attribute(id, 'QueueName') });

/** A table's own series leaves its indexes out. */
const tables = (
  [
    ['ShipmentEventsTable', TABLES.shipmentEvents.indexes],
    ['ShipmentsTable', TABLES.shipments.indexes],
    ['ErrorEventsTable', TABLES.errorEvents.indexes],
  ] as const
).flatMap(([id, indexes]) => [
  { TableName: ref(id) },
  ...Object.keys(indexes).map((index) => ({ TableName: ref(id), GlobalSecondaryIndexName: index })),
]);

/** Everything that can show a symptom in a namespace, or by one metric: an alarm on some of it only would miss the rest. */
const CONTRIBUTORS: Readonly<Record<string, readonly object[]>> = {
  'AWS/Lambda': functions(FUNCTION_KEYS),
  'AWS/Lambda AsyncEventAge': functions([...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS]),
  'AWS/Lambda DestinationDeliveryFailures': functions(QUEUED_FUNCTION_KEYS),
  'AWS/Lambda IteratorAge': functions(STREAM_FUNCTION_KEYS),
  'AWS/Events': rules,
  'AWS/SQS': [...QUEUED_FUNCTION_KEYS.map((key) => queueOf(functionIds(key).queue)), queueOf('UnroutedQueue')],
  'AWS/DynamoDB': tables,
  LogisticsEventProcessor: ['easypost', 'shippo', 'aftership'].map((platform) => ({
    environment: ref('EnvironmentSuffix'),
    service: 'carrier-webhook',
    platform,
  })),
};

/** Causes: shown, without a mail. */
const QUIET = ['logistics-throttles', 'logistics-duration'];

interface Series {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData: boolean;
  readonly MetricStat?: {
    readonly Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: unknown }[] };
    readonly Period: number;
    readonly Stat: string;
  };
}

interface AlarmProperties {
  readonly Metrics: readonly Series[];
  readonly AlarmDescription: { readonly 'Fn::Sub': string };
  readonly [property: string]: unknown;
}

/** What is watched, and costs something, under a condition alone, by the function's name in its dimensions. */
const WHILE: Readonly<Record<string, RegExp>> = {
  ReportsStalledShipments: /stalled-?shipments/i,
  TakesCarrierWebhooks: /^\{"FunctionName":.*CarrierWebhook/,
};

type Conditions = readonly string[];

const ALL: Conditions = Object.keys(WHILE);

/** Where none of the conditions holds, one of them, and all. */
const CHOICES: readonly Conditions[] = [[], ...ALL.map((name) => [name]), ALL];

/** A value as CloudFormation makes it where these conditions hold. @throws when it makes none of it */
function resolved(value: unknown, holding: Conditions): unknown {
  if (Array.isArray(value))
    return value.map((each) => resolved(each, holding)).filter((each) => !isDeepStrictEqual(each, ref('AWS::NoValue')));
  if (typeof value !== 'object' || value === null) return value;
  const { 'Fn::If': choice, 'Fn::Join': joined } = value as {
    'Fn::If'?: [string, ...unknown[]];
    'Fn::Join'?: [string, ...unknown[]];
  };
  if (choice) {
    const [condition, yes, no, ...more] = choice;
    if (!(condition in WHILE) || no === undefined || more.length > 0)
      throw new Error(`no condition of an alarm: ${choice}`);
    return resolved(holding.includes(condition) ? yes : no, holding);
  }
  if (joined) {
    const [delimiter, texts, ...more] = joined;
    if (more.length > 0) throw new Error('Fn::Join takes two');
    return (resolved(texts, holding) as unknown[]).join(delimiter);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, holding)]));
}

const isWatched = (dimensions: object, holding: Conditions) =>
  ALL.every((name) => holding.includes(name) || !WHILE[name]?.test(JSON.stringify(dimensions)));

/** @throws when an alarm is so broken that it has no name */
const alarms = (template: RenderedTemplate, holding = ALL) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => {
    const alarm = resolved(Properties, holding) as AlarmProperties;
    const name = (alarm['AlarmName'] as { 'Fn::Sub': string })['Fn::Sub'].replace('-${EnvironmentSuffix}', '');
    return { name, alarm };
  });

const statsOf = ({ Metrics }: AlarmProperties) => Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);

const dimensionsOf = (stat: ReturnType<typeof statsOf>[number]) =>
  Object.fromEntries(stat.Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));

/** `SUM([FILL(m1, 0), …])`, of maxima `MAX`; each may be divided. */
const EXPRESSION = /^(SUM|MAX)\(\[(FILL\(m\d+, 0\)(?: \/ \d+)?(?:, )?)+\]\)$/;

export const alarmRules: Rules = {
  'there is each alarm that the operator’s command looks for': (template) =>
    mustBe(
      'the alarms',
      alarms(template)
        .map(({ name }) => name)
        .sort(),
      [...ALARM_NAMES].sort(),
    ),

  'each metric is watched on everything that can show it': (template) => [
    ...new Set(
      CHOICES.flatMap((holding) => {
        const watched = alarms(template, holding).flatMap(({ alarm }) => statsOf(alarm));
        return [...new Set(watched.map(({ Metric }) => `${Metric.Namespace} ${Metric.MetricName}`))].flatMap(
          (metric) => {
            const of = watched
              .filter(({ Metric }) => `${Metric.Namespace} ${Metric.MetricName}` === metric)
              .map(dimensionsOf);
            const expected = CONTRIBUTORS[metric] ?? CONTRIBUTORS[metric.split(' ')[0] ?? ''];
            return mustBe(
              `the contributors to ${metric} (CONTRIBUTORS in tests/template/rules/alarms.ts)`,
              of,
              expected?.filter((dimensions) => isWatched(dimensions, holding)),
            );
          },
        );
      }),
    ),
  ],

  'each alarm computes the sum or the maximum of all its series, each without data being 0': (template) =>
    CHOICES.flatMap((holding) => alarms(template, holding)).flatMap(({ name, alarm: { Metrics } }) => {
      const { Id, Expression = '', ReturnData } = Metrics.at(-1) ?? { Id: '', ReturnData: false };
      const series = Metrics.slice(0, -1);
      const combines = EXPRESSION.exec(Expression)?.[1];
      return [
        ...mustBe(
          `what ${name} watches`,
          { Id, ReturnData, combines: combines !== undefined },
          { Id: 'computed', ReturnData: true, combines: true },
        ),
        ...mustBe(
          `the series in ${name}`,
          series.map((each) => each.Id),
          [...Expression.matchAll(/m\d+/g)].map(String),
        ),
        ...series.flatMap(({ ReturnData, MetricStat }) =>
          mustBe(
            name,
            { ReturnData, Period: MetricStat?.Period, Stat: MetricStat?.Stat },
            { ReturnData: false, Period: 300, Stat: combines === 'SUM' ? 'Sum' : 'Maximum' },
          ),
        ),
      ];
    }),

  'each alarm goes off above its threshold, looks at one period more, and sends a mail when it begins and ends unless it is a cause':
    (template) =>
      alarms(template).flatMap(({ name, alarm }) => {
        const { ComparisonOperator, TreatMissingData, AlarmActions, OKActions, ActionsEnabled } = alarm;
        const actions = QUIET.includes(name) ? undefined : [ref('AlertsTopic')];
        return [
          ...mustBe(
            name,
            { ComparisonOperator, TreatMissingData, AlarmActions, OKActions, ActionsEnabled },
            {
              ComparisonOperator: 'GreaterThanThreshold',
              TreatMissingData: 'notBreaching',
              AlarmActions: actions,
              OKActions: actions,
              ActionsEnabled: undefined,
            },
          ),
          ...mustBe(`the periods of ${name}`, alarm['EvaluationPeriods'], Number(alarm['DatapointsToAlarm']) + 1),
        ];
      }),

  'each alarm watches a metric that AWS publishes with these dimensions': (template) =>
    alarms(template).flatMap(({ name, alarm }) =>
      statsOf(alarm).flatMap((stat) => {
        const names = Object.keys(dimensionsOf(stat)).sort().join();
        const published = METRIC_CATALOGUE[stat.Metric.Namespace]?.[stat.Metric.MetricName] ?? [];
        return published.some((set) => [...set].sort().join() === names)
          ? []
          : [
              `${name}: ${stat.Metric.Namespace} ${stat.Metric.MetricName} by ${names} is not in tests/template/metric-catalogue.ts`,
            ];
      }),
    ),

  'each alarm says which command to type, in what CloudWatch’s 1,024 characters hold': (template) =>
    alarms(template).flatMap(({ name, alarm }) => {
      const text = alarm.AlarmDescription['Fn::Sub'];
      return alarmTextOf(text.replaceAll('${EnvironmentSuffix}', '{env}')).command && text.length < 1_000
        ? []
        : [`${name} says: ${text}`];
    }),
};
