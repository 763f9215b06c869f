/** Alarms: when they end, and whether their metrics are there. */
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type MetricStat,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ALARM_NAMES } from '../../contracts/alarms';
import { toAttributes } from '../../src/adapters/attributes';
import { type Claim, notTried, type Verdict, verdict } from './claim';
import { tableOf } from './tables';
import type { Trial } from './trial';

/** DynamoDB's metrics come some minutes late. */
const MINUTES = 10;

/** As the template makes each alarm: a series whose missing values are 0. */
const filled = (Metric: MetricStat['Metric']): Partial<PutMetricAlarmCommandInput> => ({
  Metrics: [
    { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
    { Id: 'computed', Expression: 'SUM([FILL(m1, 0)])', ReturnData: true },
  ],
});

/** Makes an alarm on more than 0, without actions. */
async function makeAlarm(name: string, on: Partial<PutMetricAlarmCommandInput>, trial: Trial): Promise<string> {
  const { alarms } = trial.target;
  const AlarmName = trial.name(name);
  trial.undo(`alarm ${AlarmName}`, () => alarms.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
  const rule = { Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' } as const;
  await alarms.send(new PutMetricAlarmCommand({ AlarmName, EvaluationPeriods: 1, ...rule, ...on }));
  return AlarmName;
}

async function stateOf(AlarmName: string, { target }: Trial) {
  const { MetricAlarms } = await target.alarms.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
  return MetricAlarms?.[0]?.StateValue;
}

const reaches = (state: string, alarm: string, trial: Trial) =>
  trial.until(MINUTES, async () => (await stateOf(alarm, trial)) === state);

/** Makes an alarm on writes to a table, writes until it goes off, and waits for its end. */
async function endsAfterItsData(
  name: string,
  on: (metric: Required<Pick<PutMetricAlarmCommandInput, 'Namespace' | 'MetricName' | 'Dimensions'>>) => object,
  trial: Trial,
): Promise<Verdict> {
  const TableName = await tableOf(trial, 'versions');
  const Dimensions = [{ Name: 'TableName', Value: TableName }];
  const metric = { Namespace: 'AWS/DynamoDB', MetricName: 'ConsumedWriteCapacityUnits', Dimensions };
  const alarm = await makeAlarm(name, on(metric), trial);
  const Item = toAttributes({ shipment_id: name, version: name });
  const isOn = await trial.until(MINUTES, async () => {
    await trial.target.db.send(new PutItemCommand({ TableName, Item }));
    return (await stateOf(alarm, trial)) === 'ALARM';
  });
  if (!isOn) return notTried(`it did not go off within ${MINUTES} minutes of writes: the metric had no data`);
  const isOver = await reaches('OK', alarm, trial);
  return verdict(isOver !== undefined, isOver ? 'it went off and was over again' : 'it went off and is still in ALARM');
}

/** The names of dimensions with which a metric appears in this account, for whatever resource. */
async function dimensionsOf({ Metric }: MetricStat, { target }: Trial): Promise<string[]> {
  const { Namespace, MetricName } = Metric ?? {};
  const found = new Set<string>();
  for await (const { Metrics = [] } of paginateListMetrics({ client: target.alarms }, { Namespace, MetricName }))
    for (const { Dimensions } of Metrics) found.add(names(Dimensions));
  return [...found];
}

const names = (dimensions: readonly { Name?: string | undefined }[] = []) =>
  dimensions
    .map(({ Name }) => Name)
    .sort()
    .join(' and ');

export const alarms: readonly Claim[] = [
  {
    id: 'alarm-ends',
    sentence: "An alarm on FILL of a DynamoDB metric ends after the metric's data end.",
    source: 'decisions 13 and 26; CloudWatch user guide, "Using math expressions with CloudWatch metrics"',
    how: "an alarm on writes to a table of the run's own, which are made until it goes off",
    try: (trial) => endsAfterItsData('filled', filled, trial),
  },
  {
    id: 'alarm-ends-not-breaching',
    sentence:
      'TreatMissingData ends an alarm on a DynamoDB metric whose data end, as the user guide says and PutMetricAlarm denies.',
    source:
      'decision 13, which rests on neither; CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data"',
    how: 'the same without FILL',
    try: (trial) => endsAfterItsData('plain', (metric) => ({ ...metric, Statistic: 'Sum', Period: 60 }), trial),
  },
  {
    id: 'alarm-without-data',
    sentence: 'An alarm on FILL of a series that never had data is OK.',
    source: 'decisions 13 and 26; CloudWatch user guide, "Using math expressions with CloudWatch metrics"',
    how: 'an alarm on a metric that never has data, for ten minutes',
    async try(trial) {
      const never = { Namespace: 'LogisticsConformance', MetricName: 'Never', Dimensions: [] };
      const alarm = await makeAlarm('never', filled(never), trial);
      const isOk = await reaches('OK', alarm, trial);
      return verdict(isOk !== undefined, `it is ${isOk ? 'OK' : await stateOf(alarm, trial)}`);
    },
  },
  {
    id: 'alarm-metrics',
    sentence: "Each alarm's metrics appear with the dimensions that the alarm names.",
    source: 'tests/template/metric-catalogue.ts; the metrics pages of Lambda, SQS, EventBridge and DynamoDB',
    how: "CloudWatch's list of metrics for each series of the stack's alarms, at the end of the run; a metric of failures appears with the first failure",
    last: true,
    async try(trial) {
      const AlarmNames = ALARM_NAMES.map(trial.target.name);
      const { MetricAlarms = [] } = await trial.target.alarms.send(new DescribeAlarmsCommand({ AlarmNames }));
      const series = MetricAlarms.flatMap(({ Metrics = [] }) => Metrics.flatMap(({ MetricStat }) => MetricStat ?? []));
      const others: string[] = [];
      let there = 0;
      for (const each of series) {
        const found = await dimensionsOf(each, trial);
        const own = names(each.Metric?.Dimensions);
        if (found.includes(own)) there += 1;
        else if (found.length > 0)
          others.push(`${each.Metric?.Namespace} ${each.Metric?.MetricName} has ${found.join(', ')}, not ${own}`);
      }
      if (there === 0 && others.length === 0) return notTried(`none of ${series.length} series has data yet`);
      return verdict(
        others.length === 0,
        others.join('; ') || `${there} of ${series.length} series are there, the others have no data yet`,
      );
    },
  },
];
