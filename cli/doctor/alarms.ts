import {
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  type MetricAlarm,
  type MetricStat,
} from '@aws-sdk/client-cloudwatch';
import { ALARM_NAMES, alarmTextOf } from '../../contracts/alarms';
import { isAnswer } from '../target/aws-errors';
import type { Target } from '../target/target';
import { attention, type Findings, ok, type Stack } from './check';

/** Reports missing alarms, and those in ALARM state with the command that their description names. */
export async function alarms({ target }: Stack): Promise<Findings> {
  const AlarmNames = ALARM_NAMES.map(target.name);
  const { MetricAlarms = [] } = await target.alarms.send(new DescribeAlarmsCommand({ AlarmNames }));
  const missing = AlarmNames.filter((name) => !MetricAlarms.some(({ AlarmName }) => AlarmName === name));
  const inAlarm = MetricAlarms.filter(({ StateValue }) => StateValue === 'ALARM');
  const findings = [
    ...(missing.length > 0 ? [attention(`missing: ${missing.join(', ')}`, 'deploy the stack again')] : []),
    ...(await Promise.all(inAlarm.map((alarm) => findingOf(alarm, target)))),
  ];
  return findings.length > 0 ? findings : [ok(`none of ${AlarmNames.length} is in alarm`)];
}

async function findingOf(alarm: MetricAlarm, target: Target) {
  const { AlarmName = '', AlarmDescription = '', StateReason = '' } = alarm;
  const { text, command } = alarmTextOf(AlarmDescription);
  return attention(
    [`${AlarmName}: ${text || StateReason}`, ...(await contributors(alarm, target))].join(' '),
    command ?? target.aws`cloudwatch describe-alarms --alarm-names ${AlarmName}`,
  );
}

/** An alarm's metrics that have recent data, with their values. */
async function contributors({ Metrics = [], EvaluationPeriods = 1 }: MetricAlarm, target: Target): Promise<string[]> {
  const series = Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
  const values = await Promise.all(series.map((stat) => recentValue(stat, EvaluationPeriods, target))).catch(
    (error) => {
      // The operator may have permission to read alarms but not metrics.
      if (isAnswer(error)) return [];
      throw error;
    },
  );
  const contributing = series.flatMap((stat, index) => (values[index] ? [`${nameOf(stat)} ${values[index]}`] : []));
  return contributing.length > 0 ? [`Now: ${contributing.join(', ')}.`] : [];
}

const nameOf = ({ Metric }: MetricStat) => (Metric?.Dimensions ?? []).map(({ Value }) => Value).join('/');

async function recentValue({ Metric, Period = 0, Stat }: MetricStat, periods: number, target: Target): Promise<number> {
  const now = target.now();
  const statistic = Stat === 'Maximum' ? 'Maximum' : 'Sum';
  const { Datapoints = [] } = await target.alarms.send(
    new GetMetricStatisticsCommand({
      Namespace: Metric?.Namespace,
      MetricName: Metric?.MetricName,
      Dimensions: Metric?.Dimensions,
      StartTime: new Date(now - periods * Period * 1_000),
      EndTime: new Date(now),
      Period,
      Statistics: [statistic],
    }),
  );
  const values = Datapoints.map((point) => point[statistic] ?? 0);
  return statistic === 'Sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
}
