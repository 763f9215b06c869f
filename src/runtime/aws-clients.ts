import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { APPLICATION } from '../../contracts/names';

/**
 * Settings of every AWS client. A call that hangs costs 2 s, three attempts stay within the shortest function's timeout (10 s), and
 * the invocation's own deadline aborts whatever is still under way.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  // The SDK would look for the following in a configuration file at the first call of each client; no function has one.
  retryMode: 'standard',
  defaultsMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  accountIdEndpointMode: 'disabled',
  authSchemePreference: [] as string[],
  userAgentAppId: APPLICATION,
} as const;

/** The clients that an event may need. SNS's is created with the first message: most events publish none, and every start would pay for it. */
export interface AwsClients {
  readonly db: DynamoDBClient;
  sns(): SNSClient;
}

let events: EventBridgeClient | undefined;

/** The EventBridge client, created with the first event to put on the bus: most invocations put none. */
export function eventBridge(): EventBridgeClient {
  events ??= new EventBridgeClient(CLIENT_SETTINGS);
  return events;
}

export function awsClients(): AwsClients {
  let sns: SNSClient | undefined;
  return {
    db: new DynamoDBClient(CLIENT_SETTINGS),
    sns() {
      sns ??= new SNSClient(CLIENT_SETTINGS);
      return sns;
    },
  };
}
