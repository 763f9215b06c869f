import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { NAMES } from '../../contracts/names';
import { isObject, type JsonObject } from '../../src/domain/json';
import type { Trial } from './trial';

/** SQS's maximum, which is longer than the queue exists. */
const HIDDEN_SECONDS = '43200';

/** A queue of this run, which receives the bus's events of its shipments and all messages of both topics. */
export interface Inbox {
  /** ARN of the rule with the queue as target. */
  readonly ruleArn: string | undefined;
  /** Reads all messages so far: events, and SNS envelopes of notifications. */
  read(): Promise<readonly JsonObject[]>;
  /** Waits for a message that matches; undefined when none comes within this many of AWS's minutes. */
  find(minutes: number, matches: (message: JsonObject) => boolean): Promise<JsonObject | undefined>;
}

export const detailOf = ({ detail }: JsonObject): JsonObject => (isObject(detail) ? detail : {});

/** Creates the run's inbox once for all claims. */
export const inboxOf = (trial: Trial): Promise<Inbox> =>
  trial.once('inbox', async () => {
    const QueueUrl = await createQueue(trial);
    const [ruleArn] = await Promise.all([listenToBus(trial), listenToTopics(trial)]);
    const messages: JsonObject[] = [];
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });

    async function read() {
      for (;;) {
        const { Messages = [] } = await trial.target.sqs.send(receive);
        if (Messages.length === 0) return messages;
        messages.push(...Messages.map(({ Body = '' }) => JSON.parse(Body)));
      }
    }

    return {
      ruleArn,
      read,
      find: (minutes, matches) => trial.until(minutes, async () => (await read()).find(matches)),
    };
  });

async function createQueue(trial: Trial): Promise<string | undefined> {
  const { sqs } = trial.target;
  const QueueName = trial.name();
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] },
        Action: 'sqs:SendMessage',
        Resource: trial.arn('sqs', QueueName),
        Condition: { ArnLike: { 'aws:SourceArn': [trial.arn('events', 'rule/*'), trial.arn('sns', '*')] } },
      },
    ],
  });
  trial.undo(`queue ${QueueName}`, async () => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });
  const Attributes = { Policy, SqsManagedSseEnabled: 'true', VisibilityTimeout: HIDDEN_SECONDS };
  return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;
}

async function listenToBus(trial: Trial): Promise<string | undefined> {
  const { events, name } = trial.target;
  const Name = trial.name();
  const EventBusName = name(NAMES.bus);
  trial.undo(`rule ${Name}`, async () => {
    await events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids: ['queue'] }));
    await events.send(new DeleteRuleCommand({ Name, EventBusName }));
  });
  const EventPattern = JSON.stringify({ detail: { shipment_id: [{ prefix: trial.prefix }] } });
  const { RuleArn } = await events.send(new PutRuleCommand({ Name, EventBusName, EventPattern }));
  const Targets = [{ Id: 'queue', Arn: trial.arn('sqs', trial.name()) }];
  await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets }));
  return RuleArn;
}

async function listenToTopics(trial: Trial): Promise<void> {
  const { sns } = trial.target;
  for (const output of ['AlertsTopicArn', 'ProcessingTopicArn']) {
    const TopicArn = trial.stack.outputs.get(output);
    const Endpoint = trial.arn('sqs', trial.name());
    const subscription = { TopicArn, Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await sns.send(new SubscribeCommand(subscription));
    trial.undo(`subscription ${SubscriptionArn}`, () => sns.send(new UnsubscribeCommand({ SubscriptionArn })));
  }
}
