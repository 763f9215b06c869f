/** Each alarm goes off on each of its contributors and on nothing else, and the alerts' subscribers are notified when it begins and ends. */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  type MetricDataQuery,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { ALARM_NAMES } from '../../../contracts/alarms';
import { until } from '../../../lib/until.mjs';
import { CREDENTIALS, REGION } from '../../../local/environment';
import { takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { startStack } from '../../support/stack';

/** How long the period of the data still lasts: as soon as it is over, so is the alarm. */
const LEFT_OF_PERIOD_SECONDS = 5;

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

const seriesOf = ({ Metrics = [] }: MetricAlarm) => Metrics.filter(({ MetricStat }) => MetricStat);

/** The value above which one series alone sets the alarm off: durations are divided by their function's timeout. */
function valueAbove({ Metrics = [], Threshold = 0 }: MetricAlarm, id: string): number {
  const expression = Metrics.find(({ Expression }) => Expression)?.Expression ?? '';
  const [, divisor = '1'] = new RegExp(`\\b${id}, 0\\)(?: / (\\d+))?`).exec(expression) ?? [];
  return (Threshold + 0.1) * Number(divisor);
}

/** Puts a value into as many periods as the alarm asks for, the oldest of those that it looks at. */
async function breach(alarm: MetricAlarm, { Id = '', MetricStat: series }: MetricDataQuery) {
  const { EvaluationPeriods = 0, DatapointsToAlarm = 0 } = alarm;
  const MetricData = Array.from({ length: DatapointsToAlarm }, (_, index) => ({
    MetricName: series?.Metric?.MetricName,
    Dimensions: series?.Metric?.Dimensions,
    Value: valueAbove(alarm, Id),
    Timestamp: new Date(
      Date.now() - ((EvaluationPeriods - index) * (series?.Period ?? 0) - LEFT_OF_PERIOD_SECONDS) * 1_000,
    ),
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: series?.Metric?.Namespace, MetricData }));
}

/** Any other metric's data makes the embedded AWS look at its alarms again. */
const nudge = () =>
  cloudWatch.send(
    new PutMetricDataCommand({ Namespace: 'another', MetricData: [{ MetricName: 'Another', Value: 1 }] }),
  );

/** The states that the alerts' subscribers were notified of, in order. */
async function mails(): Promise<readonly (readonly [alarm: string, state: string])[]> {
  const { notifications } = await takeSnapshot(stack);
  return notifications.alerts
    .map(({ Message }) => JSON.parse(Message))
    .map(({ AlarmName, NewStateValue }) => [AlarmName, NewStateValue]);
}

it('each contributor sets its alarm off alone, with a mail at the beginning and at the end unless the alarm is a cause', async () => {
  const all = await alarms();
  expect(all).toHaveLength(ALARM_NAMES.length);
  let expected = 0;

  // One contributor of each alarm at a time: the alarms of a round begin and end together.
  const rounds = Math.max(...all.map((alarm) => seriesOf(alarm).length));
  for (let round = 0; round < rounds; round += 1) {
    const due = all.filter((alarm) => seriesOf(alarm).length > round);
    for (const alarm of due) {
      const before = await inAlarm();
      await breach(alarm, seriesOf(alarm)[round] as MetricDataQuery);
      expect((await inAlarm()).sort()).toEqual([...before, nameOf(alarm)].sort());
    }
    await until(async () => {
      await nudge();
      return (await inAlarm()).length === 0;
    });
    expected += 2 * due.filter(({ AlarmActions = [] }) => AlarmActions.length > 0).length;
    await until(async () => (await mails()).length >= expected);
  }

  expect(await mails()).toHaveLength(expected);
  const subjects = new Set((await mails()).map(([name]) => name));
  expect([...subjects].sort()).toEqual(
    all
      .filter(({ AlarmActions = [] }) => AlarmActions.length > 0)
      .map(nameOf)
      .sort(),
  );
}, 240_000);
