import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, REGION } from '../../local/environment';
import { type LocalStack, makeQueue } from '../../local/stack';

/** Stores the events of a bus that match the pattern in a queue of this name, as another system would. */
export async function keepEvents(
  { endpoint, events }: Pick<LocalStack, 'endpoint' | 'events'>,
  Name: string,
  EventBusName: string | undefined,
  pattern: object,
): Promise<void> {
  const Arn = await makeQueue(new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS }), Name);
  await events.send(new PutRuleCommand({ Name, EventBusName, EventPattern: JSON.stringify(pattern) }));
  await events.send(new PutTargetsCommand({ EventBusName, Rule: Name, Targets: [{ Id: 'queue', Arn }] }));
}
