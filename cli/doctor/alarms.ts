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

/** This stack's alarms by name; each one's description ends in the command to type first. */
export async function alarms({ target }: Stack): Promise<Findings> {
  const AlarmNames = ALARM_NAMES.map(target.name);
  const { MetricAlarms = [] } = await target.alarms.send(new DescribeAlarmsCommand({ AlarmNames }));
  const missing = AlarmNames.filter((name) => !MetricAlarms.some(({ AlarmName }) => AlarmName === name));
  const ringing = MetricAlarms.filter(({ StateValue }) => StateValue === 'ALARM');
  const findings = [
    ...(missing.length > 0 ? [attention(`missing: ${missing.join(', ')}`, 'deploy the stack again')] : []),
    ...(await Promise.all(ringing.map((alarm) => described(alarm, target)))),
  ];
  return findings.length > 0 ? findings : [ok(`none of ${AlarmNames.length} is in alarm`)];
}

async function described(alarm: MetricAlarm, target: Target) {
  const { AlarmName = '', AlarmDescription = '', StateReason = '' } = alarm;
  const { text, command } = alarmTextOf(AlarmDescription);
  return attention(
    [`${AlarmName}: ${text || StateReason}`, ...(await contributors(alarm, target))].join(' '),
    command ?? target.aws`cloudwatch describe-alarms --alarm-names ${AlarmName}`,
  );
}

/** The series of an alarm that had data lately, with their values. */
async function contributors({ Metrics = [], EvaluationPeriods = 1 }: MetricAlarm, target: Target): Promise<string[]> {
  const series = Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
  const values = await Promise.all(series.map((each) => lately(each, EvaluationPeriods, target))).catch((error) => {
    // An operator who may read alarms but not metrics gets the rest.
    if (isAnswer(error)) return [];
    throw error;
  });
  const found = series.flatMap((each, index) => (values[index] ? [`${nameOf(each)} ${values[index]}`] : []));
  return found.length > 0 ? [`Now: ${found.join(', ')}.`] : [];
}

const nameOf = ({ Metric }: MetricStat) => (Metric?.Dimensions ?? []).map(({ Value }) => Value).join('/');

/** The sum or maximum of a series over the periods that its alarm looks at. */
async function lately({ Metric, Period = 0, Stat }: MetricStat, periods: number, target: Target): Promise<number> {
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
