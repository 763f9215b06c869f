import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type Dimension,
  type Metric,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  paginateListMetrics,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, DeleteTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { ALARM_NAMES } from '../../contracts/alarms';
import { toAttributes } from '../../src/adapters/attributes';
import { type Claims, heldUnless, notTried, verdict } from './claim';
import { inboxOf } from './inbox';
import { tableOf } from './tables';
import { refusalOf, type Trial } from './trial';

/** DynamoDB's metrics are some minutes late. */
const MINUTES = 10;

type Settings = Partial<PutMetricAlarmCommandInput>;

/** Creates an alarm on values above 0. */
async function createAlarm(AlarmName: string, settings: Settings, { target, undo }: Trial): Promise<void> {
  undo(`alarm ${AlarmName}`, () => target.alarms.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
  const rule = { EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' } as const;
  await target.alarms.send(new PutMetricAlarmCommand({ AlarmName, ...rule, ...settings }));
}

const namesOf = (dimensions: readonly Dimension[] = []) =>
  dimensions
    .map(({ Name }) => Name)
    .sort()
    .join(' and ');

/** The sets of dimension names that a metric has in this account, for any resource. */
async function dimensionsOf({ Namespace, MetricName }: Metric, { target }: Trial): Promise<string[]> {
  const names = new Set<string>();
  for await (const { Metrics = [] } of paginateListMetrics({ client: target.alarms }, { Namespace, MetricName }))
    for (const { Dimensions } of Metrics) names.add(namesOf(Dimensions));
  return [...names];
}

export const alarms: Claims = {
  'sns-subject': {
    sentence: 'SNS accepts a subject of 99 characters and refuses one of 100.',
    source: 'src/domain/messages.ts; SNS API reference, Publish ("must be less than 100 characters long")',
    how: "two messages to a topic of the run's own",
    async try(trial) {
      const { sns } = trial.target;
      const Name = trial.name();
      const TopicArn = trial.arn('sns', Name);
      trial.undo(`topic ${Name}`, () => sns.send(new DeleteTopicCommand({ TopicArn })));
      await sns.send(new CreateTopicCommand({ Name }));
      const publish = async (characters: number) => {
        const message = { TopicArn, Subject: 's'.repeat(characters), Message: 'conformance' };
        return (await refusalOf(sns.send(new PublishCommand(message))))?.name ?? 'accepted';
      };
      const [shorter, longer] = [await publish(99), await publish(100)];
      return verdict(shorter === 'accepted' && longer !== 'accepted', `99 characters: ${shorter}; 100: ${longer}`);
    },
  },
  'alarm-message': {
    sentence: "An alarm's message passes the alert topic's policy and its key, and reaches a subscriber.",
    source: 'docs/security.md; SNS developer guide, "Key management" (compatibility of event sources)',
    how: "an alarm of the run's own is set to ALARM; subscribers of the alert topic get one mail",
    async try(trial) {
      const inbox = await inboxOf(trial);
      const AlarmName = trial.name();
      const settings: Settings = {
        Namespace: 'LogisticsConformance',
        MetricName: 'None',
        Statistic: 'Sum',
        Period: 60,
        AlarmDescription: 'A test of conformance: nothing is wrong.',
        AlarmActions: [trial.stack.outputs.get('AlertsTopicArn') ?? ''],
        TreatMissingData: 'ignore',
      };
      await createAlarm(AlarmName, settings, trial);
      const alarm = { AlarmName, StateValue: 'ALARM', StateReason: 'a test of conformance' } as const;
      await trial.target.alarms.send(new SetAlarmStateCommand(alarm));
      const message = await inbox.find(3, ({ Message }) => String(Message).includes(AlarmName));
      return verdict(message !== undefined, message ? 'the message was received' : 'no message in three minutes');
    },
  },
  'alarm-ends': {
    sentence: "An alarm on FILL of a DynamoDB metric ends after the metric's data end.",
    source: 'decisions 13 and 26; CloudWatch user guide, "Using math expressions with CloudWatch metrics"',
    how: "an alarm on writes to a table of the run's own, which continue until the alarm goes off",
    async try(trial) {
      const { db, alarms } = trial.target;
      const TableName = await tableOf(trial, 'versions');
      const Dimensions = [{ Name: 'TableName', Value: TableName }];
      const Metric = { Namespace: 'AWS/DynamoDB', MetricName: 'ConsumedWriteCapacityUnits', Dimensions };
      // As in each alarm of the template.
      const Metrics = [
        { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
        { Id: 'computed', Expression: 'SUM([FILL(m1, 0)])', ReturnData: true },
      ];
      const AlarmName = trial.name('filled');
      await createAlarm(AlarmName, { Metrics, TreatMissingData: 'notBreaching' }, trial);
      const isIn = async (state: string) => {
        const { MetricAlarms = [] } = await alarms.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
        return MetricAlarms[0]?.StateValue === state;
      };
      const write = new PutItemCommand({ TableName, Item: toAttributes({ shipment_id: 'ALARM', version: 'write' }) });
      const goesOff = async () => {
        await db.send(write);
        return isIn('ALARM');
      };
      await trial.need(
        MINUTES,
        goesOff,
        `it did not go off within ${MINUTES} minutes of writes: the metric had no data`,
      );
      const isOver = await trial.until(MINUTES, () => isIn('OK'));
      return verdict(isOver === true, isOver ? 'it went off and was over again' : 'it went off and is still in ALARM');
    },
  },
  'alarm-metrics': {
    sentence: "Each alarm's metrics appear with the dimensions that the alarm names.",
    source: 'tests/template/metric-catalogue.ts; the metrics pages of Lambda, SQS, EventBridge and DynamoDB',
    how: "CloudWatch's list of metrics for each metric of the stack's alarms, at the end of the run; a metric of failures exists from the first failure on",
    last: true,
    async try(trial) {
      const AlarmNames = ALARM_NAMES.map(trial.target.name);
      const { MetricAlarms = [] } = await trial.target.alarms.send(new DescribeAlarmsCommand({ AlarmNames }));
      const series = MetricAlarms.flatMap(({ Metrics = [] }) =>
        Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []),
      );
      const mismatches: string[] = [];
      let matches = 0;
      for (const metric of series) {
        const found = await dimensionsOf(metric, trial);
        const expected = namesOf(metric.Dimensions);
        if (found.includes(expected)) matches += 1;
        else if (found.length > 0)
          mismatches.push(`${metric.Namespace} ${metric.MetricName} has ${found.join(', ')}, not ${expected}`);
      }
      if (matches === 0 && mismatches.length === 0) return notTried(`none of ${series.length} series has data yet`);
      return heldUnless(mismatches, `${matches} of ${series.length} series exist, the others have no data yet`);
    },
  },
};
