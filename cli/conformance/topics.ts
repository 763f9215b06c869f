/** The topics: what SNS takes, and what reaches a subscriber of the alerts. */
import { DeleteAlarmsCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, DeleteTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { type Claim, verdict } from './claim';
import { inboxOf } from './inbox';

export const topics: readonly Claim[] = [
  {
    id: 'sns-subject',
    sentence: 'SNS takes a subject of 99 characters and refuses one of 100.',
    source: 'src/domain/messages.ts; SNS API reference, Publish ("must be less than 100 characters long")',
    how: "two messages to a topic of the run's own",
    async try(trial) {
      const { sns } = trial.target;
      let TopicArn: string | undefined;
      const Name = trial.name();
      trial.undo(`topic ${Name}`, async () => TopicArn && sns.send(new DeleteTopicCommand({ TopicArn })));
      TopicArn = (await sns.send(new CreateTopicCommand({ Name }))).TopicArn;
      const publish = (characters: number) =>
        sns.send(new PublishCommand({ TopicArn, Subject: 's'.repeat(characters), Message: 'conformance' })).then(
          () => 'taken',
          ({ name }: Error) => name,
        );
      const [shorter, longer] = [await publish(99), await publish(100)];
      return verdict(shorter === 'taken' && longer !== 'taken', `99 characters: ${shorter}; 100: ${longer}`);
    },
  },
  {
    id: 'alarm-message',
    sentence: "An alarm's message passes the alert topic's policy and its key, and reaches a subscriber.",
    source: 'docs/security.md; SNS developer guide, "Key management" (compatibility of event sources)',
    how: "an alarm of the run's own is set to ALARM by hand; subscribers of the alert topic get its one mail",
    async try(trial) {
      const { alarms } = trial.target;
      const inbox = await inboxOf(trial);
      const AlarmName = trial.name();
      trial.undo(`alarm ${AlarmName}`, () => alarms.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
      await alarms.send(
        new PutMetricAlarmCommand({
          AlarmName,
          AlarmDescription: 'A test of conformance: nothing is wrong.',
          AlarmActions: [trial.stack.outputs.get('AlertsTopicArn') ?? ''],
          Namespace: 'LogisticsConformance',
          MetricName: 'None',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 0,
          ComparisonOperator: 'GreaterThanThreshold',
          TreatMissingData: 'ignore',
        }),
      );
      await alarms.send(
        new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'a test of conformance' }),
      );
      const message = await inbox.find(3, ({ Message }) => String(Message).includes(AlarmName));
      return verdict(message !== undefined, message ? 'the message came' : 'no message in three minutes');
    },
  },
];
