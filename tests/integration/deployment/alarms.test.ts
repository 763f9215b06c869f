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

/** Until the period of the data ends, and the alarm with it. */
const REMAINING_SECONDS = 5;

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

/** A value with which one series alone sets the alarm off; durations are divided by their function's timeout. */
function valueAbove({ Metrics = [], Threshold = 0 }: MetricAlarm, id: string): number {
  const expression = Metrics.find(({ Expression }) => Expression)?.Expression ?? '';
  const [, divisor = '1'] = new RegExp(`\\b${id}, 0\\)(?: / (\\d+))?`).exec(expression) ?? [];
  return (Threshold + 0.1) * Number(divisor);
}

/** Puts the value into the oldest periods that the alarm evaluates, as many as it requires. */
async function breach(alarm: MetricAlarm, { Id = '', MetricStat: series }: MetricDataQuery) {
  const { EvaluationPeriods = 0, DatapointsToAlarm = 0 } = alarm;
  const MetricData = Array.from({ length: DatapointsToAlarm }, (_, index) => ({
    MetricName: series?.Metric?.MetricName,
    Dimensions: series?.Metric?.Dimensions,
    Value: valueAbove(alarm, Id),
    Timestamp: new Date(Date.now() - ((EvaluationPeriods - index) * (series?.Period ?? 0) - REMAINING_SECONDS) * 1_000),
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: series?.Metric?.Namespace, MetricData }));
}

/** The embedded AWS evaluates its alarms when data of any metric arrive. */
const evaluateAlarms = () =>
  cloudWatch.send(
    new PutMetricDataCommand({ Namespace: 'another', MetricData: [{ MetricName: 'Another', Value: 1 }] }),
  );

/** Alarm and state of each notification to the alert topic. */
async function mails(): Promise<string[]> {
  const { notifications } = await takeSnapshot(stack);
  return notifications.alerts
    .map(({ Message }) => JSON.parse(Message))
    .map(({ AlarmName, NewStateValue }) => `${AlarmName} ${NewStateValue}`);
}

it('each contributor sets off its own alarm only, with mails at its beginning and end unless the alarm is quiet', async () => {
  const all = await alarms();
  expect(all).toHaveLength(ALARM_NAMES.length);
  const expectedMails: string[] = [];

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
      await evaluateAlarms();
      return (await inAlarm()).length === 0;
    });
    for (const name of due.filter(({ AlarmActions = [] }) => AlarmActions.length > 0).map(nameOf))
      expectedMails.push(`${name} ALARM`, `${name} OK`);
    await until(async () => (await mails()).length >= expectedMails.length);
  }

  expect((await mails()).sort()).toEqual(expectedMails.sort());
}, 240_000);
