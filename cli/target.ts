import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { inEnvironment } from '../contracts/names';

/** The options that say where a command goes. */
export interface TargetOptions {
  /** The stack's `EnvironmentSuffix`. */
  readonly env: string;
  readonly region?: string;
  readonly profile?: string;
  /** A local stack's endpoint; then any credentials do. */
  readonly endpoint?: string;
}

/** A deployed stack, on AWS or local: clients that reach it, and its names. */
export interface Target {
  readonly environment: string;
  /** A resource's name in this environment. */
  name(resource: string): string;
  readonly db: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly events: EventBridgeClient;
}

/** Credentials come from the ordinary chain (environment, profile, SSO, instance), but for a local stack, which takes any. */
export function targetOf({ env, region, profile, endpoint }: TargetOptions): Target {
  const settings = {
    ...(region && { region }),
    ...(profile && { profile }),
    ...(endpoint && {
      endpoint,
      region: region ?? 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  };
  return {
    environment: env,
    name: (resource) => inEnvironment(resource, env),
    db: new DynamoDBClient(settings),
    sqs: new SQSClient(settings),
    lambda: new LambdaClient(settings),
    events: new EventBridgeClient(settings),
  };
}
