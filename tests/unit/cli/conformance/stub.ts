import { Trial } from '../../../../cli/conformance/trial';
import { type Target, targetOf } from '../../../../cli/target/target';

// biome-ignore lint/suspicious/noExplicitAny: inputs are of all calls
type Answer = (input: any) => unknown;

/** Answers by the name of the call: a value, or what makes one of its input; an Error is thrown. A call without one is answered with nothing. */
export type Answers = Readonly<Record<string, object | Answer>>;

/** Named like the commands of the SDK, of which it is none. */
class SimulatePrincipalPolicyCommand {
  readonly input = {};
}

/** A target whose every call is answered from a table; what it was asked is kept, as `service:Call`. */
export function stubTarget(answers: Answers, asked: string[] = []): { target: Target; asked: string[] } {
  const target = targetOf({ env: 'dev', region: 'us-east-1' });
  const send = (service: string) => async (command: { input: object }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    asked.push(`${service}:${name}`);
    const answer = answers[name] ?? {};
    const value = typeof answer === 'function' ? answer(command.input) : answer;
    if (value instanceof Error) throw value;
    return value;
  };
  const { db, sqs, sns, lambda, events, alarms, stacks, kms } = target;
  const services = { sqs, sns, lambda, events, kms, dynamodb: db, cloudwatch: alarms, cloudformation: stacks };
  for (const [service, client] of Object.entries(services)) Object.assign(client, { send: send(service) });
  // IAM has no client: what it answers goes over the wire.
  const handle = async () => ({ response: { body: await send('iam')(new SimulatePrincipalPolicyCommand()) } });
  const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's' });
  Object.assign(stacks.config, { credentials, requestHandler: { handle } });
  return { target, asked };
}

export const RUN = 'test';

/**
 * A trial on a stubbed stack, in which a minute is 15 ms.
 * @param asked gets every call that is made
 */
export function stubTrial(answers: Answers, parameters: Readonly<Record<string, string>> = {}, asked: string[] = []) {
  const outputs = new Map([
    ['AlertsTopicArn', 'arn:alerts'],
    ['ProcessingTopicArn', 'arn:processing'],
    ['CarrierWebhookUrl', 'https://id.lambda-url.us-east-1.on.aws/'],
  ]);
  const { target } = stubTarget(answers, asked);
  const stack = { target, outputs, parameters: new Map(Object.entries(parameters)) };
  return new Trial(stack, RUN, 15, new AbortController().signal, true);
}

/** An error as AWS answers it. */
export const awsError = (name: string, message = 'no') => Object.assign(new Error(message), { name, $metadata: {} });

/** Hands out messages once: those of the run's own inbox, and those of the dead-letter queues. */
export function received(inbox: readonly object[], dead: readonly object[] = []): Answer {
  const waiting = { inbox: [...inbox], dead: [...dead] };
  return ({ QueueUrl }: { QueueUrl: string }) => {
    const Messages = waiting[QueueUrl.includes('conformance') ? 'inbox' : 'dead'].splice(0).map((message) => ({
      MessageId: 'm',
      ReceiptHandle: 'r',
      Attributes: { SentTimestamp: '0', ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: '9999999' },
      ...('Body' in message ? message : { Body: JSON.stringify(message) }),
    }));
    return { Messages };
  };
}

const url = ({ QueueName }: { QueueName: string }) => ({ QueueUrl: `https://sqs/${QueueName}` });

/** What every stack answers. */
export const COMMON: Answers = {
  DescribeEventBus: { Arn: 'arn:aws:events:us-east-1:111122223333:event-bus/logistics-events-dev' },
  DescribeArchive: { ArchiveArn: 'arn:archive', EventSourceArn: 'arn:bus' },
  CreateQueue: url,
  GetQueueUrl: url,
  GetQueueAttributes: { Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:111122223333:q' } },
  PutEvents: ({ Entries }) => ({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'envelope-1' })) }),
  DescribeTable: { Table: { TableStatus: 'ACTIVE' } },
  CreateTopic: { TopicArn: 'arn:topic' },
};
