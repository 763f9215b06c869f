/** Each alarm goes off on its own metric and on no other, and whoever is subscribed to the alerts is told when it begins and ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type Metric,
  type MetricAlarm,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { CREDENTIALS, REGION } from '../../local/environment';
import { takeSnapshot } from '../../local/snapshot';
import type { LocalStack } from '../../local/stack';
import { startStack } from '../stack';
import { ofType } from '../template/rendered';
import { until } from '../until';

/** How long a period still has to run when its data arrives; then there is none, and the alarm is over. */
const LEFT_OF_PERIOD_SECONDS = 30;

/** The same where an alarm has to be over before the next series is tried. */
const LITTLE_LEFT_SECONDS = 5;

let stack: LocalStack;
let cloudWatch: CloudWatchClient;

beforeAll(async () => {
  stack = await startStack();
  cloudWatch = new CloudWatchClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
}, 120_000);

async function alarms(): Promise<readonly MetricAlarm[]> {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 100 }));
  return MetricAlarms;
}

const inAlarm = async () => (await alarms()).filter(({ StateValue }) => StateValue === 'ALARM').map(nameOf);

const nameOf = ({ AlarmName = '' }: MetricAlarm) => AlarmName;

interface Series extends Metric {
  readonly Period?: number | undefined;
}

/** The series that an alarm watches: its own, or those that it computes from. */
const seriesOf = ({ Metrics, Namespace, MetricName, Dimensions, Period }: MetricAlarm): Series[] =>
  Metrics?.flatMap(({ MetricStat }) => (MetricStat ? [{ ...MetricStat.Metric, Period: MetricStat.Period }] : [])) ?? [
    { Namespace, MetricName, Dimensions, Period },
  ];

/** Puts one value above the threshold into the oldest of the periods that the alarm looks at: into as many as it asks for. */
async function breach(
  { EvaluationPeriods = 0, DatapointsToAlarm = EvaluationPeriods, Threshold = 0 }: MetricAlarm,
  { Namespace, MetricName, Dimensions, Period = 0 }: Series = {},
  left = LEFT_OF_PERIOD_SECONDS,
) {
  const MetricData = Array.from({ length: DatapointsToAlarm }, (_, index) => ({
    MetricName,
    Dimensions,
    Value: Threshold + 1,
    Timestamp: new Date(Date.now() - ((EvaluationPeriods - index) * Period - left) * 1_000),
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
}

/** Any other metric's data makes the embedded AWS look at its alarms again. */
const nudge = () => breach({ EvaluationPeriods: 1 }, { Namespace: 'another', MetricName: 'Another' });

/** The names of the alarms whose subscribers were told of this state. */
async function told(state: 'ALARM' | 'OK'): Promise<string[]> {
  const { notifications } = await takeSnapshot(stack);
  const messages = notifications.alerts.map(({ Message }) => JSON.parse(Message));
  return messages.filter(({ NewStateValue }) => NewStateValue === state).map(({ AlarmName }) => AlarmName);
}

it('each alarm goes off on its own metric alone, people are told, and are told when it is over', async () => {
  const all = await alarms();
  const names = all.map(nameOf).sort();
  expect(names).toHaveLength(ofType('AWS::CloudWatch::Alarm').length);

  for (const [index, alarm] of all.entries()) {
    await breach(alarm, seriesOf(alarm)[0]);
    const now = await inAlarm();
    expect(now).toContain(nameOf(alarm));
    expect(
      now.filter((name) =>
        all
          .slice(index + 1)
          .map(nameOf)
          .includes(name),
      ),
    ).toEqual([]);
  }
  await until(async () => (await told('ALARM')).length >= all.length);
  expect((await told('ALARM')).sort()).toEqual(names);

  await sleep((LEFT_OF_PERIOD_SECONDS + 1) * 1_000);
  await nudge();
  await until(async () => (await told('OK')).length >= all.length);
  expect((await told('OK')).sort()).toEqual(names);
  expect(await inAlarm()).toEqual([]);
  process.stdout.write(`alarms: ${all.length} went off, each alone, and were over again\n`);
}, 180_000);

// The embedded AWS takes the worse of what AWS's texts say: an alarm on DynamoDB's missing data stays as it is.
it('the alarm on throttled writes goes off on each table and index, and is over when its data end', async () => {
  const [alarm = {}] = (await alarms()).filter(({ Metrics }) => Metrics !== undefined);
  const series = seriesOf(alarm);
  expect(nameOf(alarm)).toMatch(/^logistics-dynamodb-throttles-/);
  expect(series).toHaveLength(6);

  for (const each of series) {
    await breach(alarm, each, LITTLE_LEFT_SECONDS);
    expect(await inAlarm()).toEqual([nameOf(alarm)]);
    await until(async () => {
      await nudge();
      return (await inAlarm()).length === 0;
    });
  }
}, 120_000);
