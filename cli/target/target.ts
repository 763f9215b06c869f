import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { inEnvironment } from '../../contracts/names';
import { OPERATOR_COMMAND } from '../../contracts/operator-command';
import { shell, shellWord } from '../../contracts/shell';
import { UserError } from '../../lib/user-error.mjs';
import { trackErrorsOf } from './aws-errors';
import { agents } from './proxy';

export interface TargetOptions {
  /** The stack's `EnvironmentSuffix`. */
  readonly env: string;
  readonly region?: string;
  readonly profile?: string;
  /** In place of AWS's own endpoints. */
  readonly endpoint?: string;
  /** The access key of a local stack (default: from the environment variables). */
  readonly accessKey?: AccessKey;
}

interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const TARGET_OPTIONS = ['env', 'region', 'profile', 'endpoint'] as const satisfies (keyof TargetOptions)[];

/** Flags of these options by program. For `aws` and `sam` the environment is part of the resource names. */
const FLAGS = {
  logistics: { env: '--env', region: '--region', profile: '--profile', endpoint: '--endpoint' },
  aws: { region: '--region', profile: '--profile', endpoint: '--endpoint-url' },
  sam: { region: '--region', profile: '--profile' },
} as const satisfies Record<string, Partial<Record<keyof TargetOptions, string>>>;

/** A deployed stack, on AWS or local: its clients and names. */
export interface Target extends Readonly<ReturnType<typeof clientsWith>> {
  readonly environment: string;
  /** A resource's name in this environment. */
  name(resource: string): string;
  /** An operator's command for this stack, ready to be typed. */
  readonly command: typeof shell;
  /** A command of the AWS CLI for this stack. */
  readonly aws: typeof shell;
  /** A command of the SAM CLI for this stack. */
  readonly sam: typeof shell;
  /** Epoch milliseconds by AWS's clock, which sets the times of rows and messages; before its first response by this machine's. */
  now(): number;
}

/** Milliseconds after which a call that gets no response fails and is retried. */
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

const THIS_MACHINE = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Connects to a stack. Credentials come from the SDK's default chain (environment, profile, SSO, instance), for a local stack from its access key.
 * @param typed options typed on the command line, which suggested commands repeat
 * @throws UserError when the endpoint is not a URL
 */
export function targetOf({ env, ...options }: TargetOptions, typed: Partial<TargetOptions> = {}): Target {
  const clients = clientsWith(settingsOf(options));
  trackErrorsOf(Object.values(clients));
  return {
    environment: env,
    name: (resource) => inEnvironment(resource, env),
    command: (...line) => `${OPERATOR_COMMAND} ${withOptions(flagsFor(typed, FLAGS.logistics), ...line)}`,
    aws: (...line) => `aws ${shell(...line)}${flagsFor(typed, FLAGS.aws)}`,
    sam: (...line) => `sam ${shell(...line)}${flagsFor(typed, FLAGS.sam)}`,
    ...clients,
    now: () => Date.now() + skewOf(Object.values(clients)),
  };
}

/** Differences of clocks up to this are ignored: a `Date` header has whole seconds and takes time to arrive. */
const TOLERANCE_MS = 2_000;

/** Milliseconds by which AWS's clock is ahead of this machine's, by the `Date` of responses, which the SDK samples for its signatures. */
const skewOf = (clients: readonly { readonly config: { readonly systemClockOffset: number } }[]) =>
  clients.map(({ config }) => config.systemClockOffset).find((offset) => Math.abs(offset) > TOLERANCE_MS) ?? 0;

function settingsOf({ region, profile, endpoint, accessKey }: Omit<TargetOptions, 'env'>) {
  // Before the profile's region, as in the AWS CLI. The SDK does not read AWS_DEFAULT_REGION, the only variable that `sam` reads.
  const chosen = region || process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  return {
    maxAttempts: 3,
    requestHandler: { ...TIMEOUTS, ...(!isLocal(endpoint) && agents()) },
    ...(chosen && { region: chosen }),
    ...(profile && { profile }),
    ...endpointOf(endpoint, region, accessKey),
  };
}

const clientsWith = (settings: ReturnType<typeof settingsOf>) => ({
  db: new DynamoDBClient(settings),
  sqs: new SQSClient(settings),
  sns: new SNSClient(settings),
  lambda: new LambdaClient(settings),
  events: new EventBridgeClient(settings),
  alarms: new CloudWatchClient(settings),
  stacks: new CloudFormationClient(settings),
  kms: new KMSClient(settings),
  ssm: new SSMClient(settings),
  logs: new CloudWatchLogsClient(settings),
});

/** An operator's command with options appended. Arguments that look like options come last, after `--`. */
function withOptions(options: string, parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const words = values.map((value) => shellWord(String(value)));
  const isDashed = (index: number) => /^-./.test(String(values[index])) && !/ --[\w-]+ $/.test(parts[index] ?? '');
  const line = parts.map((part, index) => (isDashed(index) ? part.trimEnd() : `${part}${words[index] ?? ''}`)).join('');
  const dashed = words.filter((_, index) => isDashed(index));
  return [`${line}${options}`, ...(dashed.length > 0 ? ['--', ...dashed] : [])].join(' ');
}

function flagsFor(typed: Partial<TargetOptions>, flags: Partial<Record<keyof TargetOptions, string>>): string {
  const options = TARGET_OPTIONS.filter((name) => flags[name] && typed[name] !== undefined);
  return options.map((name) => ` ${flags[name]} ${shellWord(typed[name] ?? '')}`).join('');
}

export const isLocal = (endpoint: string | undefined) =>
  endpoint !== undefined && URL.canParse(endpoint) && THIS_MACHINE.includes(new URL(endpoint).hostname);

function endpointOf(endpoint: string | undefined, region = 'us-east-1', accessKey?: AccessKey) {
  if (!endpoint) return {};
  if (!URL.canParse(endpoint))
    throw new UserError(`--endpoint is ${endpoint}: give a URL like http://127.0.0.1:4566`, 2);
  if (!isLocal(endpoint)) return { endpoint };
  const url = new URL(endpoint);
  // The local stack listens on 127.0.0.1 and refuses calls to another host name.
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
  // A profile may turn these on, and with a custom endpoint the SDK then refuses to call.
  const plainEndpoint = { useFipsEndpoint: false, useDualstackEndpoint: false };
  return { endpoint: url.href, region, ...plainEndpoint, credentials: async () => accessKey ?? exportedKey() };
}

/** The access key in the environment. Not from a profile, whose key for AWS must not sign requests to the local stack. */
function exportedKey(): AccessKey {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  throw new UserError(
    'the local stack accepts only calls signed with its access key: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as `npm start` prints them',
  );
}
