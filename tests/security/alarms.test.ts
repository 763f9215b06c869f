/** Each alarm goes off on its own metric and on no other, and whoever is subscribed to the alerts is told when it begins and ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
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

/** Puts one value above the threshold into each period that the alarm looks at. */
async function breach({
  Namespace,
  MetricName,
  Dimensions,
  Period = 0,
  EvaluationPeriods = 0,
  Threshold = 0,
}: MetricAlarm) {
  const MetricData = Array.from({ length: EvaluationPeriods }, (_, index) => ({
    MetricName,
    Dimensions,
    Value: Threshold + 1,
    Timestamp: new Date(Date.now() - ((index + 1) * Period - LEFT_OF_PERIOD_SECONDS) * 1_000),
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
}

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
    await breach(alarm);
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
  // Any other metric's data makes the embedded AWS look at its alarms again.
  await breach({ Namespace: 'another', MetricName: 'Another', EvaluationPeriods: 1 });
  await until(async () => (await told('OK')).length >= all.length);
  expect((await told('OK')).sort()).toEqual(names);
  expect(await inAlarm()).toEqual([]);
  process.stdout.write(`alarms: ${all.length} went off, each alone, and were over again\n`);
}, 180_000);
