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
import { knowErrorsOf } from './aws-errors';
import { agents } from './proxy';
import { serviceClock } from './service-clock';

/** The options that say where a command goes. */
export interface TargetOptions {
  /** The stack's `EnvironmentSuffix`. */
  readonly env: string;
  readonly region?: string;
  readonly profile?: string;
  /** Where AWS's own addresses are not meant. */
  readonly endpoint?: string;
  /** The access key of a local stack (default: what `npm start` says to export). */
  readonly accessKey?: AccessKey;
}

interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const TARGET_OPTIONS = ['env', 'region', 'profile', 'endpoint'] as const satisfies (keyof TargetOptions)[];

/** How each program that is suggested spells them; for the other two, the environment is in the names. */
const SPELLED = {
  logistics: { env: '--env', region: '--region', profile: '--profile', endpoint: '--endpoint' },
  aws: { region: '--region', profile: '--profile', endpoint: '--endpoint-url' },
  sam: { region: '--region', profile: '--profile' },
} as const satisfies Record<string, Partial<Record<keyof TargetOptions, string>>>;

/** A deployed stack, on AWS or local: clients that reach it, and its names. */
export interface Target extends Readonly<ReturnType<typeof clientsWith>> {
  readonly environment: string;
  /** A resource's name in this environment. */
  name(resource: string): string;
  /** A command of ours that works on the same stack, ready to be typed. */
  readonly command: typeof shell;
  /** The same, of the AWS CLI. */
  readonly aws: typeof shell;
  /** The same, of the SAM CLI. */
  readonly sam: typeof shell;
  /** Epoch milliseconds by AWS's clock, as its latest answer had it; by this machine's before the first. */
  now(): number;
}

/** Nothing hangs: an AWS that does not answer is tried three times and then named. */
const PATIENCE = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

const THIS_MACHINE = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Credentials come from the ordinary chain (environment, profile, SSO, instance), but for a local stack, which has an access key of its own.
 * @param typed the options that were typed on the command line: the commands that are suggested have them, too
 * @throws UserError when the endpoint is no URL
 */
export function targetOf({ env, ...options }: TargetOptions, typed: Partial<TargetOptions> = {}): Target {
  const clients = clientsWith(settingsOf(options));
  knowErrorsOf(Object.values(clients));
  return {
    environment: env,
    name: (resource) => inEnvironment(resource, env),
    command: (...line) => `${OPERATOR_COMMAND} ${withOptions(spelled(typed, SPELLED.logistics), ...line)}`,
    aws: (...line) => `aws ${shell(...line)}${spelled(typed, SPELLED.aws)}`,
    sam: (...line) => `sam ${shell(...line)}${spelled(typed, SPELLED.sam)}`,
    ...clients,
    now: serviceClock(Object.values(clients)),
  };
}

function settingsOf({ region, profile, endpoint, accessKey }: Omit<TargetOptions, 'env'>) {
  // As the AWS CLI has it, before the profile's: the SDK does not know the second variable, which is the only one that `sam` knows.
  const chosen = region || process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  return {
    maxAttempts: 3,
    requestHandler: { ...PATIENCE, ...(!isLocal(endpoint) && agents()) },
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

/** A command of ours with these options behind it. An argument that looks like an option stands last, after the `--` that makes it none. */
function withOptions(options: string, parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const words = values.map((value) => shellWord(String(value)));
  const isDashed = (place: number) => /^-./.test(String(values[place])) && !/ --[\w-]+ $/.test(parts[place] ?? '');
  const line = parts.map((part, place) => (isDashed(place) ? part.trimEnd() : `${part}${words[place] ?? ''}`)).join('');
  const dashed = words.filter((_, place) => isDashed(place));
  return [`${line}${options}`, ...(dashed.length > 0 ? ['--', ...dashed] : [])].join(' ');
}

function spelled(typed: Partial<TargetOptions>, flags: Partial<Record<keyof TargetOptions, string>>): string {
  const options = TARGET_OPTIONS.filter((name) => flags[name] && typed[name] !== undefined);
  return options.map((name) => ` ${flags[name]} ${shellWord(typed[name] ?? '')}`).join('');
}

/** True for a stack on this machine. */
export const isLocal = (endpoint: string | undefined) =>
  endpoint !== undefined && URL.canParse(endpoint) && THIS_MACHINE.includes(new URL(endpoint).hostname);

function endpointOf(endpoint: string | undefined, region = 'us-east-1', accessKey?: AccessKey) {
  if (!endpoint) return {};
  if (!URL.canParse(endpoint))
    throw new UserError(`--endpoint is ${endpoint}: give a URL like http://127.0.0.1:4566`, 2);
  if (!isLocal(endpoint)) return { endpoint };
  const url = new URL(endpoint);
  // The stack listens there, and refuses to be called by another name.
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
  // AWS's own addresses have these two; an endpoint beside them is refused by the SDK, whatever the profile says.
  const plain = { useFipsEndpoint: false, useDualstackEndpoint: false };
  return { endpoint: url.href, region, ...plain, credentials: async () => accessKey ?? exportedKey() };
}

/** Never from a profile: what is signed for this machine is not to be signed with a key for AWS that happens to be the default. */
function exportedKey(): AccessKey {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  throw new UserError(
    'the local stack takes only calls signed with its access key: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as `npm start` prints them',
  );
}
