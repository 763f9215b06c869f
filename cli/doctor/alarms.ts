import {
  GetMetricStatisticsCommand,
  type MetricAlarm,
  type MetricStat,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { OPERATOR_COMMAND } from '../../contracts/operator-command';
import { isAnswer } from '../aws-trouble';
import type { Target } from '../target';
import { type Check, look, ok } from './check';

/** A command as our alarms have it. Whoever may make alarms may name this topic, and end its text in anything. */
const COMMAND = new RegExp(`^(${OPERATOR_COMMAND}|aws) [\\w@%+:,./{} -]+$`);

/** The alarms that go to this stack's topic; each one's description ends in the command to type first. */
export const alarms: Check = {
  name: 'alarms',
  async run({ target, outputs }) {
    const topic = outputs.get('AlertsTopicArn') ?? '';
    const ringing: MetricAlarm[] = [];
    let total = 0;
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: target.alarms }, {})) {
      const ours = MetricAlarms.filter(({ AlarmActions = [] }) => AlarmActions.includes(topic));
      total += ours.length;
      ringing.push(...ours.filter(({ StateValue }) => StateValue === 'ALARM'));
    }
    if (total === 0) return [look('none sends to the alert topic', 'deploy the stack again')];
    if (ringing.length === 0) return [ok(`none of ${total} is in alarm`)];
    return Promise.all(ringing.map((alarm) => described(alarm, target)));
  },
};

async function described(alarm: MetricAlarm, target: Target) {
  const { AlarmName = '', AlarmDescription = '', StateReason = '' } = alarm;
  const [meaning, command] = AlarmDescription.split(' Then: ');
  return look(
    [`${AlarmName}: ${meaning || StateReason}`, ...(await shares(alarm, target))].join(' '),
    command && COMMAND.test(command) ? command : target.aws`cloudwatch describe-alarms --alarm-names ${AlarmName}`,
  );
}

/** Of an alarm on several series: which of them had something lately, and how much. */
async function shares({ Metrics = [], EvaluationPeriods = 1 }: MetricAlarm, target: Target): Promise<string[]> {
  const series = Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
  const values = await Promise.all(series.map((each) => lately(each, EvaluationPeriods, target))).catch((error) => {
    // Who may read the alarm but not the metric gets the rest.
    if (isAnswer(error)) return [];
    throw error;
  });
  const found = series.flatMap((each, index) => (values[index] ? [`${nameOf(each)} ${values[index]}`] : []));
  return found.length > 0 ? [`Now: ${found.join(', ')}.`] : [];
}

const nameOf = ({ Metric }: MetricStat) => (Metric?.Dimensions ?? []).map(({ Value }) => Value).join('/');

/** The sum of a series over the periods that its alarm looks at. */
async function lately({ Metric, Period = 0 }: MetricStat, periods: number, target: Target): Promise<number> {
  const now = target.now();
  const { Datapoints = [] } = await target.alarms.send(
    new GetMetricStatisticsCommand({
      Namespace: Metric?.Namespace,
      MetricName: Metric?.MetricName,
      Dimensions: Metric?.Dimensions,
      StartTime: new Date(now - periods * Period * 1_000),
      EndTime: new Date(now),
      Period,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}
