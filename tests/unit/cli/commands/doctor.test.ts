import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import {
  BatchGetItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ResourceNotFoundException,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeArchiveCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  type RuleState,
} from '@aws-sdk/client-eventbridge';
import { DescribeKeyCommand, KMSClient, NotFoundException } from '@aws-sdk/client-kms';
import {
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DescribeParametersCommand, type ParameterType, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { register } from '../../../../cli/commands/doctor';
import { CHECKS } from '../../../../cli/doctor/checks';
import { ALARM_NAMES } from '../../../../contracts/alarms';
import { EVENT_FUNCTION_KEYS, EVENT_FUNCTIONS } from '../../../../contracts/functions';
import { NAMES } from '../../../../contracts/names';
import { UserError } from '../../../../lib/user-error.mjs';
import { jsonLines, run } from '../run';

const stacks = mockClient(CloudFormationClient);
const alarms = mockClient(CloudWatchClient);
const db = mockClient(DynamoDBClient);
const events = mockClient(EventBridgeClient);
const lambda = mockClient(LambdaClient);
const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);
const kms = mockClient(KMSClient);
const ssm = mockClient(SSMClient);

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:logistics-alerts-dev';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/data';

const OUTPUTS = [
  { OutputKey: 'EventBusName', OutputValue: 'logistics-events-dev' },
  { OutputKey: 'AlertsTopicArn', OutputValue: TOPIC },
];

const stackWith = (more: object = {}) => ({
  Stacks: [
    {
      StackId: 'arn:stack',
      StackName: 'logistics-event-processor-dev',
      StackStatus: 'UPDATE_COMPLETE' as const,
      CreationTime: new Date(0),
      Outputs: OUTPUTS,
      Parameters: [{ ParameterKey: 'PublishStatusChanges', ParameterValue: 'true' }],
      ...more,
    },
  ],
});

const quiet = ALARM_NAMES.map((name) => ({ AlarmName: `${name}-dev`, StateValue: 'OK' as const }));

/** Every alarm, with one of them in alarm. */
const ringing = (properties: Partial<MetricAlarm>, name = 'logistics-high-errors-dev') =>
  quiet.map((alarm) => (alarm.AlarmName === name ? { ...alarm, StateValue: 'ALARM' as const, ...properties } : alarm));
const RULES = [...EVENT_FUNCTION_KEYS.map((key) => EVENT_FUNCTIONS[key].rule), NAMES.unroutedRule].map(
  (rule) => `${rule}-dev`,
);
const ALL_ENABLED = { state: 'ok', finding: `all ${RULES.length} are enabled` };
const enabled = (Name: string) => ({ Name, State: 'ENABLED' as const });

const versions = (...numbers: string[]) => numbers.map((Version) => ({ Version }));

/** A stack with which everything is as it should be. */
beforeEach(() => {
  for (const client of [stacks, alarms, db, events, lambda, sns, sqs, kms, ssm]) client.reset();
  stacks.on(DescribeStacksCommand).resolves(stackWith());
  alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms: quiet });
  db.on(DescribeTableCommand).resolves({ Table: { SSEDescription: { Status: 'ENABLED', KMSMasterKeyArn: KEY } } });
  db.on(ScanCommand).resolves({ Items: [] });
  kms
    .on(DescribeKeyCommand)
    .callsFake(({ KeyId }) => ({ KeyMetadata: { KeyId: `id-of-${KeyId}`, KeyState: 'Enabled' } }));
  events.on(ListRulesCommand).resolves({ Rules: RULES.map(enabled) });
  events.on(DescribeArchiveCommand).resolves({ State: 'ENABLED', RetentionDays: 7 });
  lambda
    .on(GetAccountSettingsCommand)
    .resolves({ AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 990 } });
  lambda.on(GetFunctionConcurrencyCommand).resolves({});
  lambda.on(GetAliasCommand, { Name: 'live' }).resolves({ FunctionVersion: '12' });
  lambda
    .on(ListEventSourceMappingsCommand, { FunctionName: 'logistics-status-publisher-dev:live' })
    .resolves({ EventSourceMappings: [{ UUID: 'uuid-1', State: 'Enabled', LastProcessingResult: 'OK' }] });
  lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: versions('$LATEST', '9', '12') });
  sns
    .on(ListSubscriptionsByTopicCommand)
    .resolves({ Subscriptions: [{ SubscriptionArn: `${TOPIC}:1`, Endpoint: 'a@b.c' }] });
  sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: `https://sqs/${QueueName}` }));
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '0' } });
});

/** Runs the doctor and answers its findings about one thing. */
async function findings(check: string) {
  const { stdout, exitCode } = await run(register, 'doctor', '--json');
  const found = jsonLines(stdout).filter((line) => line['check'] === check);
  return { exitCode, found: found.map(({ check: _, ...rest }) => rest) };
}

const ok = (finding: unknown) => ({ state: 'ok', finding });
const attention = (finding: unknown, next: unknown = expect.any(String)) => ({ state: 'attention', finding, next });

const described = (...parameters: Parameters<typeof stackWith>) =>
  stacks.on(DescribeStacksCommand).resolves(stackWith(...parameters));

const alarmed = (...parameters: Parameters<typeof ringing>) =>
  alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms: ringing(...parameters) });

const subscribed = (...Subscriptions: { SubscriptionArn: string; Endpoint: string }[]) =>
  sns.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions });

const mapped = (...EventSourceMappings: { UUID: string; State: string }[]) =>
  lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings });

const withKeyState = (alias: string) =>
  kms.on(DescribeKeyCommand, { KeyId: alias }).resolves({ KeyMetadata: { KeyId: 'k-1', KeyState: 'PendingDeletion' } });

const withoutKey = (alias: string) =>
  kms.on(DescribeKeyCommand, { KeyId: alias }).rejects(new NotFoundException({ message: 'no', $metadata: {} }));

const isProtected = (EnableTerminationProtection: boolean) =>
  described({
    Parameters: [{ ParameterKey: 'TableDeletionProtection', ParameterValue: 'true' }],
    EnableTerminationProtection,
  });

const reportsStalled = (days: string, State: RuleState) => {
  described({ Parameters: [{ ParameterKey: 'StalledAfterDays', ParameterValue: days }] });
  events
    .on(DescribeRuleCommand, { Name: 'logistics-stalled-shipments-dev' })
    .resolves({ State, ScheduleExpression: 'rate(1 hour)' });
};

/** Carriers' webhooks are taken, and their secrets are a parameter of this type. */
function takesWebhooks(...Types: ParameterType[]) {
  described({
    Outputs: [...OUTPUTS, { OutputKey: 'CarrierWebhookUrl', OutputValue: 'https://id.lambda-url.us-east-1.on.aws/' }],
    Parameters: [
      { ParameterKey: 'CarrierWebhooks', ParameterValue: 'true' },
      { ParameterKey: 'CarrierWebhookConcurrency', ParameterValue: '10' },
    ],
  });
  ssm
    .on(DescribeParametersCommand, { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [CARRIERS] }] })
    .resolves({ Parameters: Types.map((Type) => ({ Type, LastModifiedDate: new Date('2026-03-01T09:00:00Z') })) });
}

const CARRIERS = '/logistics/carriers-dev';
const SHIPMENTS = { TableName: 'logistics-shipments-dev' };
const STATUS_UPDATER = { FunctionName: 'logistics-status-updater-dev' };
const [FIRST_RULE = '', SECOND_RULE = '', THIRD_RULE = '', ...OTHER_RULES] = RULES;

const enableKey = (key: string) =>
  `aws kms cancel-key-deletion --key-id ${key} --region us-east-1; aws kms enable-key --key-id ${key} --region us-east-1`;

/** What doctor finds of one thing, by how the stack differs from one that is as it should be. */
const CASES: readonly [what: string, check: string, arrange: () => unknown, found: readonly object[]][] = [
  [
    'says when the status publisher does not read its stream',
    'status changes',
    () => mapped({ UUID: 'uuid-1', State: 'Disabled' }),
    [attention('logistics-status-publisher-dev does not read its stream: its mapping is Disabled')],
  ],
  [
    'says when the status publisher has no stream to read',
    'status changes',
    () => mapped(),
    [attention('logistics-status-publisher-dev has no stream to read')],
  ],
  [
    'is content without status changes where the parameter asks for none',
    'status changes',
    () => {
      described({ Parameters: [{ ParameterKey: 'PublishStatusChanges', ParameterValue: 'false' }] });
      mapped();
    },
    [ok(expect.any(String))],
  ],
  [
    'says how stalled shipments are reported',
    'stalled shipments',
    () => reportsStalled('7', 'ENABLED'),
    [ok('reported after 7 days, looked for at rate(1 hour)')],
  ],
  [
    'is content without reports of stalled shipments where the parameter asks for none',
    'stalled shipments',
    () => reportsStalled('0', 'DISABLED'),
    [ok('not reported: StalledAfterDays is 0')],
  ],
  [
    'looks at stalled shipments whose schedule is off',
    'stalled shipments',
    () => reportsStalled('7', 'DISABLED'),
    [
      attention(
        'not reported: logistics-stalled-shipments-dev is disabled',
        'aws events enable-rule --name logistics-stalled-shipments-dev --region us-east-1',
      ),
    ],
  ],
  [
    'says where carriers’ webhooks are taken, how many at once, and how old the secrets are',
    'carriers',
    () => takesWebhooks('SecureString'),
    [ok('webhooks are taken at https://id.lambda-url.us-east-1.on.aws/, 10 at once; secrets of 2026-03-01')],
  ],
  [
    'says when carriers’ webhooks are taken and there are no secrets',
    'carriers',
    () => takesWebhooks(),
    [
      attention(
        `webhooks are taken, and all are refused: there is no parameter ${CARRIERS}`,
        `aws ssm put-parameter --name ${CARRIERS} --type SecureString --value file://carriers.json --region us-east-1`,
      ),
    ],
  ],
  [
    'says when the secrets of carriers are not encrypted',
    'carriers',
    () => takesWebhooks('String'),
    [attention(`the secrets in ${CARRIERS} are not encrypted: its type is String`)],
  ],
  [
    'shows an alarm of this stack with the command that its description ends in',
    'alarms',
    () => {
      const AlarmDescription = 'Events arrived in this queue. Then: npx --no-install logistics queues status-updater';
      alarmed({ AlarmDescription }, 'logistics-dlq-arrivals-dev');
    },
    [
      attention(
        'logistics-dlq-arrivals-dev: Events arrived in this queue.',
        'npx --no-install logistics queues status-updater',
      ),
    ],
  ],
  [
    'names the alarms that the stack lacks',
    'alarms',
    () => alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms: quiet.slice(1) }),
    [attention('missing: logistics-high-errors-dev', 'deploy the stack again')],
  ],
  [
    'looks at alerts without a subscription',
    'alert subscription',
    () => subscribed(),
    [attention('no subscription to the alarms', expect.stringContaining('AlertEmail'))],
  ],
  [
    'looks at alerts that reach one that has not confirmed',
    'alert subscription',
    () => subscribed({ SubscriptionArn: 'PendingConfirmation', Endpoint: 'ops@example.com' }),
    [attention('ops@example.com has not confirmed', expect.stringContaining('mail from AWS'))],
  ],
  [
    'names a table whose key is being deleted',
    'tables',
    () => {
      const InaccessibleEncryptionDateTime = new Date('2026-03-04T10:00:00Z');
      const SSEDescription = { Status: 'ENABLED' as const, KMSMasterKeyArn: KEY, InaccessibleEncryptionDateTime };
      db.on(DescribeTableCommand, SHIPMENTS).resolves({ Table: { SSEDescription } });
    },
    [
      attention(
        expect.stringMatching(/^logistics-shipments-dev cannot be used since 2026-03-04T10:00:00.000Z/),
        enableKey(KEY),
      ),
    ],
  ],
  [
    'names a table that was deleted',
    'tables',
    () =>
      db
        .on(DescribeTableCommand, SHIPMENTS)
        .rejects(new ResourceNotFoundException({ message: 'not found', $metadata: {} })),
    [
      attention(
        'logistics-shipments-dev is not there',
        'aws dynamodb list-backups --table-name logistics-shipments-dev --backup-type ALL --region us-east-1',
      ),
    ],
  ],
  ['names the key of the tables, once', 'tables', () => undefined, [ok(`all 3 can be used, encrypted with ${KEY}`)]],
  [
    'looks at the key of the topics when it is about to be deleted',
    'keys',
    () => withKeyState('alias/logistics-topics-dev'),
    [
      attention(
        'alias/logistics-topics-dev is PendingDeletion: no alarm and no notification reaches its topic',
        enableKey('k-1'),
      ),
    ],
  ],
  [
    'looks at the key of the data when it is about to be deleted',
    'keys',
    () => withKeyState('alias/logistics-data-dev'),
    [attention('alias/logistics-data-dev is PendingDeletion: the tables cannot be used for long', enableKey('k-1'))],
  ],
  [
    'knows that a stack needs no key of its own for data',
    'keys',
    () => withoutKey('alias/logistics-data-dev'),
    [ok('alias/logistics-topics-dev can be used')],
  ],
  [
    'knows that a stack needs a key of its own for its topics',
    'keys',
    () => withoutKey('alias/logistics-topics-dev'),
    [attention('there is no alias/logistics-topics-dev', 'deploy the stack again')],
  ],
  [
    'is content with a protected environment whose stack is protected',
    'deletion',
    () => isProtected(true),
    [ok('the tables, the keys and the stack refuse it')],
  ],
  [
    'looks at a protected environment whose stack can be deleted',
    'deletion',
    () => isProtected(false),
    [
      attention(
        'the tables and the keys refuse it, the stack does not: it has no termination protection',
        'aws cloudformation update-termination-protection --stack-name logistics-event-processor-dev --enable-termination-protection --region us-east-1',
      ),
    ],
  ],
  [
    'finds the rules on all pages',
    'rules',
    () =>
      events
        .on(ListRulesCommand)
        .resolves({ Rules: [enabled(FIRST_RULE)], NextToken: 'more' })
        .on(ListRulesCommand, { NextToken: 'more' })
        .resolves({ Rules: RULES.slice(1).map(enabled) }),
    [ALL_ENABLED],
  ],
  [
    'looks at rules that are off or missing',
    'rules',
    () =>
      events.on(ListRulesCommand).resolves({
        Rules: [enabled(FIRST_RULE), { Name: SECOND_RULE, State: 'DISABLED' }, ...OTHER_RULES.map(enabled)],
      }),
    [attention(`${SECOND_RULE} is disabled`), attention(`${THIRD_RULE} is missing`)],
  ],
  [
    'names a function that was stopped',
    'concurrency',
    () => lambda.on(GetFunctionConcurrencyCommand, STATUS_UPDATER).resolves({ ReservedConcurrentExecutions: 0 }),
    [
      attention(
        'logistics-status-updater-dev is stopped: its reserved concurrency is 0',
        'aws lambda delete-function-concurrency --function-name logistics-status-updater-dev --region us-east-1',
      ),
    ],
  ],
  [
    'names a function that was put back to an older version, over all pages',
    'versions',
    () =>
      lambda
        .on(ListVersionsByFunctionCommand, STATUS_UPDATER)
        .resolvesOnce({ Versions: versions('$LATEST', '9', '12'), NextMarker: 'more' })
        .resolves({ Versions: versions('100') }),
    [
      attention(
        'logistics-status-updater-dev runs version 12, the last one published is 100',
        'deploy the source that is to run',
      ),
    ],
  ],
  [
    'is content with a gradual deployment that is under way, and says how far it is',
    'versions',
    () =>
      lambda
        .on(GetAliasCommand, STATUS_UPDATER)
        .resolves({ FunctionVersion: '9', RoutingConfig: { AdditionalVersionWeights: { 12: 0.1 } } }),
    [ok(expect.stringContaining('logistics-status-updater-dev runs 9, 12 for 10 %;'))],
  ],
  [
    'looks at an archive that keeps nothing',
    'archive',
    () => events.on(DescribeArchiveCommand).resolves({ State: 'DISABLED' }),
    [attention(expect.any(String))],
  ],
  [
    'looks at a deploy that failed',
    'stack',
    () => described({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' }),
    [attention('logistics-event-processor-dev: UPDATE_ROLLBACK_COMPLETE')],
  ],
  [
    'looks at a stack of another environment',
    'outputs',
    () => described({ Outputs: [{ OutputKey: 'EventBusName', OutputValue: 'logistics-events-test' }] }),
    [attention('the bus is logistics-events-test', 'deploy with EnvironmentSuffix=dev')],
  ],
];

describe('doctor', () => {
  it('is content with a stack that is as it should be', async () => {
    const { stdout, exitCode } = await run(register, 'doctor', '--json');

    expect(exitCode).toBeUndefined();
    expect(jsonLines(stdout).map(({ check, state }) => `${check}: ${state}`)).toEqual(
      ['stack', 'outputs', ...CHECKS.map(({ name }) => name)].map((check) => `${check}: ok`),
    );
  });

  it.each(CASES)('%s', async (_, check, arrange, found) => {
    arrange();

    const isContent = found.every((each) => 'state' in each && each.state === 'ok');
    expect(await findings(check)).toEqual({ exitCode: isContent ? undefined : 1, found });
  });

  it.each(['curl example.com|sh', 'npx --no-install logistics doctor; id', 'npx logistics doctor', 'rm x'])(
    'repeats no foreign command of an alarm: %s',
    async (command) => {
      const MetricAlarms = ringing({ AlarmDescription: `It rings. Then: ${command}` });
      alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms });

      const next = expect.stringMatching(/^aws cloudwatch describe-alarms --alarm-names logistics-high-errors-dev/);
      expect((await findings('alarms')).found).toMatchObject([{ next }]);
    },
  );

  it('names the tables and indexes that an alarm on all of them goes off for', async () => {
    const series = (...values: string[]) => ({
      Id: values.join(),
      MetricStat: {
        Metric: { MetricName: 'WriteThrottleEvents', Dimensions: values.map((Value) => ({ Name: 'x', Value })) },
        Period: 300,
        Stat: 'Sum',
      },
    });
    const [table, index] = [series('logistics-shipments-dev'), series('logistics-shipments-dev', 'status-index')];
    const Metrics = [table, index, { Id: 'computed', Expression: 'SUM([m1, m2])' }];
    alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms: ringing({ AlarmDescription: 'Throttled.', Metrics }) });
    alarms.on(GetMetricStatisticsCommand).resolves({ Datapoints: [] });
    alarms
      .on(GetMetricStatisticsCommand, { Dimensions: index.MetricStat.Metric.Dimensions })
      .resolves({ Datapoints: [{ Sum: 7 }, { Sum: 5 }] });

    expect((await findings('alarms')).found).toEqual([
      expect.objectContaining({
        finding: 'logistics-high-errors-dev: Throttled. Now: logistics-shipments-dev/status-index 12.',
      }),
    ]);
  });

  it('shows the alarm without them when their metrics may not be read', async () => {
    const Metrics = [{ Id: 'm1', MetricStat: { Metric: { MetricName: 'Any' }, Period: 300, Stat: 'Sum' } }];
    const AlarmDescription = 'Throttled.';
    alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms: ringing({ AlarmDescription, Metrics }) });
    const denied = Object.assign(new Error('denied'), { name: 'AccessDenied', $metadata: {} });
    alarms.on(GetMetricStatisticsCommand).rejects(denied);

    expect((await findings('alarms')).found).toEqual([
      expect.objectContaining({ finding: 'logistics-high-errors-dev: Throttled.' }),
    ]);
  });

  it('names the greatest value of an alarm on a maximum', async () => {
    const Metric = {
      MetricName: 'Duration',
      Dimensions: [{ Name: 'FunctionName', Value: 'logistics-status-updater-dev' }],
    };
    const Metrics = [{ Id: 'm1', MetricStat: { Metric, Period: 300, Stat: 'Maximum' } }];
    alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms: ringing({ AlarmDescription: 'Slow.', Metrics }) });
    alarms.on(GetMetricStatisticsCommand).resolves({ Datapoints: [{ Maximum: 700 }, { Maximum: 14_000 }] });

    expect((await findings('alarms')).found).toEqual([
      expect.objectContaining({ finding: 'logistics-high-errors-dev: Slow. Now: logistics-status-updater-dev 14000.' }),
    ]);
  });

  it('names a status that the log makes another of, and the command that finds all', async () => {
    const Items = [
      {
        event_id: { S: 'e' },
        timestamp: { N: '1772438400000' },
        shipment_id: { S: 'SHP 1' },
        status: { S: 'delivered' },
        detail_type: { S: 'Shipment Status Updated' },
        process_result: { M: { processed_at: { S: '2026-03-02T08:00:00.000Z' } } },
      },
    ];
    db.on(ScanCommand, { TableName: 'logistics-shipment-events-dev' }).resolves({ Items });
    db.on(BatchGetItemCommand).resolves({ Responses: {} });
    db.on(GetItemCommand).resolves({});
    db.on(QueryCommand).resolves({ Items });

    expect(await findings('statuses')).toEqual({
      exitCode: 1,
      found: [
        {
          state: 'attention',
          finding: "'SHP 1' is not what the log makes of it (missing)",
          next: 'npx --no-install logistics rebuild --dry-run --region us-east-1',
        },
      ],
    });
  });

  it('says what it may not see, and still tells the rest', async () => {
    const denied = new Error('User: eve is not authorized to perform: cloudwatch:DescribeAlarms on resource: *');
    alarms.on(DescribeAlarmsCommand).rejects(Object.assign(denied, { name: 'AccessDenied' }));

    expect((await findings('alarms')).found).toEqual([
      { state: 'unknown', finding: expect.stringContaining('lack the permission cloudwatch:DescribeAlarms') },
    ]);
    expect((await findings('rules')).found).toEqual([ALL_ENABLED]);
  });

  it('names a stack that is not there', async () => {
    const missing = new Error('Stack with id logistics-event-processor-dev does not exist');
    stacks.on(DescribeStacksCommand).rejects(Object.assign(missing, { name: 'ValidationError' }));

    await expect(run(register, 'doctor')).rejects.toThrow(
      new UserError(
        'there is no stack logistics-event-processor-dev: check --env, --region and the account, or deploy it',
      ),
    );
  });
});
