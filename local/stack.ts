import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { localAddress, setCarriers } from './carriers';
import { buildAndDeploy, ENVIRONMENT, stopDeploying } from './deploy';
import { startEmulator } from './emulator';
import { CREDENTIALS, REGION } from './environment';
import type { OnStarted } from './started';

/** An event as the fixtures in `events/` hold it. */
export interface EventFile {
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: unknown;
}

/** Queues that subscribe to the topics, so that notifications can be read. */
export const LISTENERS = { alerts: 'local-alerts-listener', processing: 'local-processing-listener' } as const;

/** The deployed stack on the embedded AWS. */
export interface LocalStack {
  readonly endpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The folder that `sam build` wrote. */
  readonly build: string;
  readonly db: DynamoDBClient;
  readonly events: EventBridgeClient;
  /** The address that carrier platforms call, with their name as the path. */
  readonly carriersAddress: string;
  /** Puts one event on the bus and returns EventBridge's id for it. */
  send(event: EventFile): Promise<string>;
}

type Progress = (step: string) => void;

/**
 * Starts the emulator, deploys the stack to it and subscribes to its topics. On failure it stops everything again.
 * @param deploy creates the stack; by default with `sam build` and `sam deploy`
 */
export async function startLocalStack(
  port: number,
  progress: Progress,
  onStarted: OnStarted,
  settings: NodeJS.ProcessEnv = {},
  deploy = buildAndDeploy,
): Promise<LocalStack> {
  progress('starting the embedded AWS');
  onStarted(stopDeploying);
  const emulator = await startEmulator(onStarted, { port, settings });
  try {
    progress(`building and deploying to ${emulator.endpoint} (nothing leaves this machine)`);
    const { outputs, build } = await deploy(emulator.endpoint);
    const client = { endpoint: emulator.endpoint, region: REGION, credentials: CREDENTIALS };
    const events = new EventBridgeClient(client);
    await setCarriers(new SSMClient(client), ENVIRONMENT);
    await subscribeListeners(new SNSClient(client), new SQSClient(client), outputs);
    return {
      endpoint: emulator.endpoint,
      outputs,
      build,
      db: new DynamoDBClient(client),
      events,
      carriersAddress: localAddress(outputs['CarrierWebhookUrl'] ?? '', emulator.endpoint),
      send: (event: EventFile) => putEvent(events, outputs['EventBusName'] ?? '', event),
    };
  } catch (error) {
    await Promise.all([stopDeploying(), emulator.stop()]);
    throw error;
  }
}

/** @throws when the bus refused the event: PutEvents answers 200 for refused entries too */
async function putEvent(events: EventBridgeClient, busName: string, event: EventFile): Promise<string> {
  const { Entries, FailedEntryCount } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: busName,
          Source: event.source,
          DetailType: event['detail-type'],
          Time: new Date(event.time),
          Detail: JSON.stringify(event.detail),
        },
      ],
    }),
  );
  const [entry] = Entries ?? [];
  if (FailedEntryCount !== 0 || !entry?.EventId) throw new Error(`the bus refused the event: ${entry?.ErrorMessage}`);
  return entry.EventId;
}

/** Creates a queue and returns its ARN. */
export async function makeQueue(sqs: SQSClient, QueueName: string): Promise<string | undefined> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return Attributes?.['QueueArn'];
}

async function subscribeListeners(
  sns: SNSClient,
  sqs: SQSClient,
  outputs: Readonly<Record<string, string>>,
): Promise<void> {
  const topics = { alerts: outputs['AlertsTopicArn'], processing: outputs['ProcessingTopicArn'] };
  for (const topic of ['alerts', 'processing'] as const) {
    const Endpoint = await makeQueue(sqs, LISTENERS[topic]);
    await sns.send(new SubscribeCommand({ TopicArn: topics[topic], Protocol: 'sqs', Endpoint }));
  }
}
