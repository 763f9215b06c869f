/** Which metric each alarm must watch, and how: a list of its own, so that a definition that is lost is missed here. */
import { FUNCTION_KEYS, FUNCTIONS, failureQueueName, functionName } from '../../../contracts/functions';
import { NAMES } from '../../../contracts/names';
import { TABLES } from '../../../contracts/tables';
import { functionIds } from '../../../template-src/function-ids';
import { METRIC_CATALOGUE } from '../metric-catalogue';
import { attribute, mustBe, named, type RenderedTemplate, type Rules, ref, resourcesOf } from './rule';

interface Watch {
  readonly name: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: Readonly<Record<string, unknown>>;
  readonly Statistic: 'Sum' | 'Maximum';
  readonly Threshold: number;
  readonly EvaluationPeriods?: number;
}

const lambda = { Namespace: 'AWS/Lambda', Statistic: 'Sum', Threshold: 0 } as const;
const events = { Namespace: 'AWS/Events', Statistic: 'Sum', Threshold: 0 } as const;

/** Milliseconds: four fifths of the timeout. */
const NEAR_TIMEOUT = { 'shipment-processor': 24_000, 'status-updater': 12_000, 'notification-handler': 8_000 };

const ofFunctions = FUNCTION_KEYS.flatMap((key): Watch[] => {
  const Dimensions = { FunctionName: ref(functionIds(key).function) };
  const name = functionName(key);
  const errors = key === 'shipment-processor' ? 'logistics-high-errors' : `logistics-high-errors-${key}`;
  return [
    { ...lambda, name: errors, MetricName: 'Errors', Dimensions, Threshold: 5, EvaluationPeriods: 2 },
    { ...lambda, name: `${name}-throttles`, MetricName: 'Throttles', Dimensions },
    { ...lambda, name: `${name}-events-dropped`, MetricName: 'AsyncEventsDropped', Dimensions },
    {
      ...lambda,
      name: `${name}-event-age`,
      MetricName: 'AsyncEventAge',
      Dimensions,
      Statistic: 'Maximum',
      Threshold: 600_000,
    },
    { ...lambda, name: `${name}-destination-failures`, MetricName: 'DestinationDeliveryFailures', Dimensions },
    {
      ...lambda,
      name: `${name}-duration`,
      MetricName: 'Duration',
      Dimensions,
      Statistic: 'Maximum',
      Threshold: NEAR_TIMEOUT[key],
    },
  ];
});

const ofRules = [...FUNCTION_KEYS.map((key) => FUNCTIONS[key].rule), NAMES.unroutedRule].flatMap((rule): Watch[] => {
  const Dimensions = { EventBusName: ref('EventBus'), RuleName: named(rule) };
  return [
    { ...events, name: `${rule}-failed-invocations`, MetricName: 'FailedInvocations', Dimensions },
    { ...events, name: `${rule}-failed-to-dlq`, MetricName: 'InvocationsFailedToBeSentToDlq', Dimensions },
  ];
});

const queues = [
  ...FUNCTION_KEYS.map((key) => [functionIds(key).queue, failureQueueName(key)] as const),
  ['UnroutedQueue', NAMES.unroutedQueue] as const,
];

/** The messages sent and not the depth: one that waits does not hide the next. */
const ofQueues = queues.map(
  ([id, name]): Watch => ({
    name: `${name}-arrivals`,
    Namespace: 'AWS/SQS',
    MetricName: 'NumberOfMessagesSent',
    Dimensions: { QueueName: attribute(id, 'QueueName') },
    Statistic: 'Sum',
    Threshold: 0,
  }),
);

const WATCHED = [...ofFunctions, ...ofRules, ...ofQueues];

/** A table's own series leaves its indexes out. */
const throttled = (
  [
    ['ShipmentEventsTable', TABLES.shipmentEvents.indexes],
    ['ShipmentsTable', TABLES.shipments.indexes],
    ['ErrorEventsTable', TABLES.errorEvents.indexes],
  ] as const
).flatMap(([id, indexes]) => [
  { TableName: ref(id) },
  ...Object.keys(indexes).map((index) => ({ TableName: ref(id), GlobalSecondaryIndexName: index })),
]);

const alarms = (template: RenderedTemplate) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').map(
    ([id, { Properties = {} }]) => [id, Properties as Readonly<Record<string, unknown>>] as const,
  );

interface Series {
  readonly Namespace: unknown;
  readonly MetricName: unknown;
  readonly Dimensions: unknown;
}

/** The series that an alarm watches: its own, or those that it computes from. */
const seriesOf = (alarm: Readonly<Record<string, unknown>>): Partial<Series>[] => {
  const { Metrics } = alarm as { Metrics?: { MetricStat?: { Metric: Series } }[] };
  return Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [alarm];
};

/** @throws when the dimensions are no list of names and values */
const dimensionsOf = ({ Dimensions }: Partial<Series>) =>
  Object.fromEntries((Dimensions as { Name: string; Value: unknown }[]).map(({ Name, Value }) => [Name, Value]));

export const alarmRules: Rules = {
  'each function, rule and queue is watched for what can go wrong with it': (template) => {
    const found = new Map(alarms(template).map(([id, alarm]) => [JSON.stringify(alarm['AlarmName']), { id, alarm }]));
    return [
      ...WATCHED.flatMap(({ name, EvaluationPeriods = 1, Dimensions, ...watch }) => {
        const { alarm = {} } = found.get(JSON.stringify(named(name))) ?? {};
        return [
          ...Object.entries({ ...watch, EvaluationPeriods }).flatMap(([property, value]) =>
            mustBe(`${property} of ${name}`, alarm[property], value),
          ),
          ...mustBe(`the dimensions of ${name}`, dimensionsOf(alarm), Dimensions),
        ];
      }),
      ...mustBe('the number of alarms', found.size, WATCHED.length + 1),
    ];
  },

  // What is missing counts as nothing: an alarm on DynamoDB's metrics may never end otherwise.
  'one alarm adds up the throttled writes of each table and index, and its sum is never missing': (template) => {
    const [, { AlarmName, Metrics, Threshold, EvaluationPeriods, DatapointsToAlarm } = {}] =
      alarms(template).find(([, { Metrics }]) => Metrics !== undefined) ?? [];
    return mustBe(
      'the alarm on throttled writes',
      { AlarmName, Metrics, Threshold, EvaluationPeriods, DatapointsToAlarm },
      {
        AlarmName: named('logistics-dynamodb-throttles'),
        Metrics: [
          ...throttled.map((dimensions, index) => ({
            Id: `m${index + 1}`,
            MetricStat: {
              Metric: {
                Namespace: 'AWS/DynamoDB',
                MetricName: 'WriteThrottleEvents',
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: 300,
              Stat: 'Sum',
            },
            ReturnData: false,
          })),
          {
            Id: 'computed',
            Expression: 'SUM([FILL(m1, 0), FILL(m2, 0), FILL(m3, 0), FILL(m4, 0), FILL(m5, 0), FILL(m6, 0)])',
            ReturnData: true,
          },
        ],
        Threshold: 10,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 1,
      },
    );
  },

  'each alarm goes off above its threshold in five minutes, and is quiet without data': (template) =>
    alarms(template).flatMap(([id, { Metrics, Period, ComparisonOperator, TreatMissingData, DatapointsToAlarm }]) => [
      ...mustBe(
        id,
        { ComparisonOperator, TreatMissingData },
        { ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
      ),
      ...(Metrics ? [] : mustBe(id, { Period, DatapointsToAlarm }, { Period: 300, DatapointsToAlarm: undefined })),
    ]),

  'each alarm tells the alert topic when it begins and when it is over': (template) =>
    alarms(template).flatMap(([id, { AlarmActions, OKActions, ActionsEnabled }]) =>
      mustBe(
        id,
        { AlarmActions, OKActions, ActionsEnabled },
        { AlarmActions: [ref('AlertsTopic')], OKActions: [ref('AlertsTopic')], ActionsEnabled: undefined },
      ),
    ),

  'each alarm watches a metric that AWS publishes with these dimensions': (template) =>
    alarms(template).flatMap(([id, alarm]) =>
      seriesOf(alarm).flatMap((series) => {
        const names = Object.keys(dimensionsOf(series)).sort().join();
        const published = METRIC_CATALOGUE[String(series.Namespace)]?.[String(series.MetricName)] ?? [];
        return published.some((set) => [...set].sort().join() === names)
          ? []
          : [`${id}: nobody publishes it by ${names}`];
      }),
    ),

  'each alarm says which command to type, in what CloudWatch’s 1,024 characters hold': (template) =>
    alarms(template).flatMap(([id, { AlarmDescription }]) => {
      const text = (AlarmDescription as { 'Fn::Sub': string })['Fn::Sub'];
      return / Then: (npx --no-install logistics|aws) [^.]+$/.test(text) && text.length < 1_000
        ? []
        : [`${id} says: ${text}`];
    }),
};
