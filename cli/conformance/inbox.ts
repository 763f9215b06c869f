import {
  DeleteRuleCommand,
  DescribeEventBusCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { NAMES } from '../../contracts/names';
import { isObject, type JsonObject } from '../../src/domain/json';
import type { Trial } from './trial';

/** SQS hides a received message for so long at most: longer than the queue is there. */
const HIDDEN_SECONDS = '43200';

/** A queue of the run's own, which gets the bus's events about its shipments, and all that the two topics publish. */
export interface Inbox {
  /** The rule that brings the events. */
  readonly ruleArn: string;
  /** The first message that matches: an event, or SNS's envelope of a notification. Undefined when none comes in so many of AWS's minutes. */
  find(minutes: number, matches: (message: JsonObject) => boolean): Promise<JsonObject | undefined>;
  /** All that came until now and match. */
  all(matches: (message: JsonObject) => boolean): Promise<JsonObject[]>;
}

/** An event's detail. */
export const detailOf = ({ detail }: JsonObject): JsonObject => (isObject(detail) ? detail : {});

/** Opens the run's inbox, or answers the one that is open. */
export const inboxOf = (trial: Trial): Promise<Inbox> => trial.once('inbox', () => open(trial));

async function open(trial: Trial): Promise<Inbox> {
  const QueueUrl = await makeQueue(trial);
  const [ruleArn] = await Promise.all([listenToBus(QueueUrl, trial), listenToTopics(QueueUrl, trial)]);
  const messages: JsonObject[] = [];

  async function receive(): Promise<void> {
    const answer = await trial.target.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body = '' } of answer.Messages ?? []) messages.push(JSON.parse(Body));
    if (answer.Messages?.length) await receive();
  }

  return {
    ruleArn,
    find: (minutes, matches) =>
      trial.until(minutes, async () => {
        await receive();
        return messages.find(matches);
      }),
    async all(matches) {
      await receive();
      return messages.filter(matches);
    },
  };
}

/** The parts of an ARN: `arn:<partition>:<service>:<region>:<account>:…`. */
export async function busArnOf({ target }: Trial) {
  const { Arn = '' } = await target.events.send(new DescribeEventBusCommand({ Name: target.name(NAMES.bus) }));
  const [, partition = '', , region = '', account = ''] = Arn.split(':');
  return { Arn, partition, region, account };
}

async function makeQueue(trial: Trial): Promise<string> {
  const { sqs } = trial.target;
  const { partition, region, account } = await busArnOf(trial);
  const QueueName = trial.name();
  const of = (service: string) => `arn:${partition}:${service}:${region}:${account}:`;
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] },
        Action: 'sqs:SendMessage',
        Resource: `${of('sqs')}${QueueName}`,
        Condition: { ArnLike: { 'aws:SourceArn': [`${of('events')}rule/*`, `${of('sns')}*`] } },
      },
    ],
  });
  let url = '';
  trial.undo(`queue ${QueueName}`, async () => url && sqs.send(new DeleteQueueCommand({ QueueUrl: url })));
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName,
      Attributes: { Policy, SqsManagedSseEnabled: 'true', VisibilityTimeout: HIDDEN_SECONDS },
    }),
  );
  url = QueueUrl;
  return url;
}

export const queueArn = async (QueueUrl: string, { target }: Trial) =>
  (await target.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))).Attributes?.[
    'QueueArn'
  ];

async function listenToBus(QueueUrl: string, trial: Trial): Promise<string> {
  const { events, name } = trial.target;
  const rule = { Name: trial.name(), EventBusName: name(NAMES.bus) };
  trial.undo(`rule ${rule.Name}`, async () => {
    const { Name: Rule, EventBusName } = rule;
    await events.send(new RemoveTargetsCommand({ Rule, EventBusName, Ids: ['queue'] }));
    await events.send(new DeleteRuleCommand(rule));
  });
  const EventPattern = JSON.stringify({ detail: { shipment_id: [{ prefix: trial.prefix }] } });
  const { RuleArn = '' } = await events.send(new PutRuleCommand({ ...rule, EventPattern }));
  const Targets = [{ Id: 'queue', Arn: await queueArn(QueueUrl, trial) }];
  await events.send(new PutTargetsCommand({ Rule: rule.Name, EventBusName: rule.EventBusName, Targets }));
  return RuleArn;
}

async function listenToTopics(QueueUrl: string, trial: Trial): Promise<void> {
  const { sns } = trial.target;
  const Endpoint = await queueArn(QueueUrl, trial);
  for (const output of ['AlertsTopicArn', 'ProcessingTopicArn']) {
    const TopicArn = trial.stack.outputs.get(output);
    const subscription = { TopicArn, Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await sns.send(new SubscribeCommand(subscription));
    trial.undo(`subscription ${SubscriptionArn}`, () => sns.send(new UnsubscribeCommand({ SubscriptionArn })));
  }
}
