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
import { DescribeArchiveCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
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
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { register } from '../../../cli/commands/doctor';
import { ALARM_NAMES } from '../../../contracts/alarms';
import { UserError } from '../../../lib/user-error.mjs';
import { jsonLines, run } from './run';

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

const stackWith = (more: object = {}) => ({
  Stacks: [
    {
      StackId: 'arn:stack',
      StackName: 'logistics-event-processor-dev',
      StackStatus: 'UPDATE_COMPLETE' as const,
      CreationTime: new Date(0),
      Outputs: [
        { OutputKey: 'EventBusName', OutputValue: 'logistics-events-dev' },
        { OutputKey: 'AlertsTopicArn', OutputValue: TOPIC },
      ],
      Parameters: [{ ParameterKey: 'PublishStatusChanges', ParameterValue: 'true' }],
      ...more,
    },
  ],
});

const quiet = ALARM_NAMES.map((name) => ({ AlarmName: `${name}-dev`, StateValue: 'OK' as const }));

/** Every alarm, with one of them in alarm. */
const ringing = (properties: Partial<MetricAlarm>, name = 'logistics-high-errors-dev') =>
  quiet.map((alarm) => (alarm.AlarmName === name ? { ...alarm, StateValue: 'ALARM' as const, ...properties } : alarm));
const RULES = ['shipment-create', 'status-update', 'errors', 'unrouted'].map((rule) => `logistics-${rule}-dev`);
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
  return {
    exitCode,
    found: jsonLines(stdout)
      .filter((line) => line['check'] === check)
      .map(({ check: _, ...rest }) => rest),
  };
}

describe('doctor', () => {
  it('is content with a stack that is as it should be', async () => {
    const { stdout, exitCode } = await run(register, 'doctor', '--json');

    expect(exitCode).toBeUndefined();
    expect(jsonLines(stdout).map(({ check, state }) => [check, state])).toEqual(
      [
        'stack',
        'outputs',
        'alarms',
        'queues',
        'tables',
        'statuses',
        'keys',
        'rules',
        'status changes',
        'carriers',
        'archive',
        'versions',
        'concurrency',
        'alert subscription',
      ].map((check) => [check, 'ok']),
    );
  });

  it.each([
    ['does not read its stream: its mapping is Disabled', [{ UUID: 'uuid-1', State: 'Disabled' }]],
    ['has no stream to read', []],
  ])('says when the status publisher %s', async (what, EventSourceMappings) => {
    lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings });

    expect(await findings('status changes')).toEqual({
      exitCode: 1,
      found: [expect.objectContaining({ state: 'attention', finding: `logistics-status-publisher-dev ${what}` })],
    });
  });

  it('is content without status changes where the parameter asks for none', async () => {
    stacks
      .on(DescribeStacksCommand)
      .resolves(stackWith({ Parameters: [{ ParameterKey: 'PublishStatusChanges', ParameterValue: 'false' }] }));
    lambda.on(ListEventSourceMappingsCommand).resolves({});

    expect((await findings('status changes')).found).toEqual([expect.objectContaining({ state: 'ok' })]);
  });

  describe('where carriers’ webhooks are taken', () => {
    const open = (...more: object[]) =>
      stacks.on(DescribeStacksCommand).resolves(
        stackWith({
          Outputs: [
            { OutputKey: 'EventBusName', OutputValue: 'logistics-events-dev' },
            { OutputKey: 'CarrierWebhookUrl', OutputValue: 'https://id.lambda-url.us-east-1.on.aws/' },
          ],
          Parameters: [{ ParameterKey: 'CarrierWebhooks', ParameterValue: 'true' }, ...more],
        }),
      );
    const parameter = (Type: 'SecureString' | 'String') =>
      ssm
        .on(DescribeParametersCommand, {
          ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: ['/logistics/carriers-dev'] }],
        })
        .resolves({ Parameters: [{ Type, LastModifiedDate: new Date('2026-03-01T09:00:00Z') }] });

    it('says at which address, how many at once, and how old the secrets are', async () => {
      open({ ParameterKey: 'CarrierWebhookConcurrency', ParameterValue: '10' });
      parameter('SecureString');

      expect((await findings('carriers')).found).toEqual([
        {
          state: 'ok',
          finding: 'webhooks are taken at https://id.lambda-url.us-east-1.on.aws/, 10 at once; secrets of 2026-03-01',
        },
      ]);
    });

    it('needs attention when there are no secrets', async () => {
      open();
      ssm.on(DescribeParametersCommand).resolves({ Parameters: [] });

      expect(await findings('carriers')).toEqual({
        exitCode: 1,
        found: [
          {
            state: 'attention',
            finding: 'webhooks are taken, and all are refused: there is no parameter /logistics/carriers-dev',
            next: 'aws ssm put-parameter --name /logistics/carriers-dev --type SecureString --value file://carriers.json --region us-east-1',
          },
        ],
      });
    });

    it('needs attention when the secrets are not encrypted', async () => {
      open();
      parameter('String');

      expect((await findings('carriers')).found).toEqual([
        expect.objectContaining({
          state: 'attention',
          finding: 'the secrets in /logistics/carriers-dev are not encrypted: its type is String',
        }),
      ]);
    });
  });

  it('shows an alarm of this stack with the command that its description ends in', async () => {
    const AlarmDescription = 'Events arrived in this queue. Then: npx --no-install logistics queues status-updater';
    alarms
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: ringing({ AlarmDescription }, 'logistics-dlq-arrivals-dev') });

    expect(await findings('alarms')).toEqual({
      exitCode: 1,
      found: [
        {
          state: 'attention',
          finding: 'logistics-dlq-arrivals-dev: Events arrived in this queue.',
          next: 'npx --no-install logistics queues status-updater',
        },
      ],
    });
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

  it('names the alarms that the stack lacks', async () => {
    alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms: quiet.slice(1) });

    expect((await findings('alarms')).found).toEqual([
      { state: 'attention', finding: 'missing: logistics-high-errors-dev', next: 'deploy the stack again' },
    ]);
  });

  it.each([
    [
      'none',
      [],
      [{ state: 'attention', finding: 'no subscription to the alarms', next: expect.stringContaining('AlertEmail') }],
    ],
    [
      'one that has not confirmed',
      [{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'ops@example.com' }],
      [
        {
          state: 'attention',
          finding: 'ops@example.com has not confirmed',
          next: expect.stringContaining('mail from AWS'),
        },
      ],
    ],
  ])('looks at alerts that reach %s', async (_who, Subscriptions, expected) => {
    sns.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions });

    expect(await findings('alert subscription')).toEqual({ exitCode: 1, found: expected });
  });

  it('names a table whose key is being deleted', async () => {
    const InaccessibleEncryptionDateTime = new Date('2026-03-04T10:00:00Z');
    db.on(DescribeTableCommand, { TableName: 'logistics-shipments-dev' }).resolves({
      Table: { SSEDescription: { Status: 'ENABLED', KMSMasterKeyArn: KEY, InaccessibleEncryptionDateTime } },
    });

    expect(await findings('tables')).toEqual({
      exitCode: 1,
      found: [
        {
          state: 'attention',
          finding: expect.stringMatching(/^logistics-shipments-dev cannot be used since 2026-03-04T10:00:00.000Z/),
          next: `aws kms cancel-key-deletion --key-id ${KEY} --region us-east-1; aws kms enable-key --key-id ${KEY} --region us-east-1`,
        },
      ],
    });
  });

  it('names a table that was deleted', async () => {
    db.on(DescribeTableCommand, { TableName: 'logistics-shipments-dev' }).rejects(
      new ResourceNotFoundException({ message: 'not found', $metadata: {} }),
    );

    expect((await findings('tables')).found).toEqual([
      {
        state: 'attention',
        finding: 'logistics-shipments-dev is not there',
        next: 'aws dynamodb list-backups --table-name logistics-shipments-dev --backup-type ALL --region us-east-1',
      },
    ]);
  });

  it.each([
    ['topics', 'no alarm and no notification reaches its topic'],
    ['data', 'the tables cannot be used for long'],
  ])('looks at the key of the %s when it is about to be deleted', async (key, without) => {
    const alias = `alias/logistics-${key}-dev`;
    kms
      .on(DescribeKeyCommand, { KeyId: alias })
      .resolves({ KeyMetadata: { KeyId: 'k-1', KeyState: 'PendingDeletion' } });

    expect(await findings('keys')).toEqual({
      exitCode: 1,
      found: [
        {
          state: 'attention',
          finding: `${alias} is PendingDeletion: ${without}`,
          next: 'aws kms cancel-key-deletion --key-id k-1 --region us-east-1; aws kms enable-key --key-id k-1 --region us-east-1',
        },
      ],
    });
  });

  it.each([
    ['data', { state: 'ok', finding: 'alias/logistics-topics-dev can be used' }],
    [
      'topics',
      { state: 'attention', finding: 'there is no alias/logistics-topics-dev', next: 'deploy the stack again' },
    ],
  ])(
    'knows that a stack needs no key of its own for data, but one for its topics (no %s key)',
    async (key, expected) => {
      kms
        .on(DescribeKeyCommand, { KeyId: `alias/logistics-${key}-dev` })
        .rejects(new NotFoundException({ message: 'no', $metadata: {} }));

      expect((await findings('keys')).found).toEqual([expected]);
    },
  );

  it.each([
    [true, { state: 'ok', finding: 'the tables, the keys and the stack refuse it' }],
    [
      false,
      {
        state: 'attention',
        finding: 'the tables and the keys refuse it, the stack does not: it has no termination protection',
        next: 'aws cloudformation update-termination-protection --stack-name logistics-event-processor-dev --enable-termination-protection --region us-east-1',
      },
    ],
  ])(
    'looks at a protected environment whose stack can be deleted (%j)',
    async (EnableTerminationProtection, expected) => {
      const Parameters = [{ ParameterKey: 'TableDeletionProtection', ParameterValue: 'true' }];
      stacks.on(DescribeStacksCommand).resolves(stackWith({ Parameters, EnableTerminationProtection }));

      expect((await findings('deletion')).found).toEqual([expected]);
    },
  );

  it('names the key of the tables, once', async () => {
    const { found } = await findings('tables');

    expect(found).toEqual([{ state: 'ok', finding: `all 3 can be used, encrypted with ${KEY}` }]);
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

  it('finds the rules on all pages', async () => {
    const [first = '', ...others] = RULES;
    events
      .on(ListRulesCommand)
      .resolves({ Rules: [enabled(first)], NextToken: 'more' })
      .on(ListRulesCommand, { NextToken: 'more' })
      .resolves({ Rules: others.map(enabled) });

    expect(await findings('rules')).toEqual({
      exitCode: undefined,
      found: [{ state: 'ok', finding: 'all 4 are enabled' }],
    });
  });

  it('names a function that was stopped', async () => {
    lambda
      .on(GetFunctionConcurrencyCommand, { FunctionName: 'logistics-status-updater-dev' })
      .resolves({ ReservedConcurrentExecutions: 0 });

    expect((await findings('concurrency')).found).toEqual([
      {
        state: 'attention',
        finding: 'logistics-status-updater-dev is stopped: its reserved concurrency is 0',
        next: 'aws lambda delete-function-concurrency --function-name logistics-status-updater-dev --region us-east-1',
      },
    ]);
  });

  it('names a function that was put back to an older version, over all pages', async () => {
    lambda
      .on(ListVersionsByFunctionCommand, { FunctionName: 'logistics-status-updater-dev' })
      .resolvesOnce({ Versions: versions('$LATEST', '9', '12'), NextMarker: 'more' })
      .resolves({ Versions: versions('100') });

    expect(await findings('versions')).toEqual({
      exitCode: 1,
      found: [
        {
          state: 'attention',
          finding: 'logistics-status-updater-dev runs version 12, the last one published is 100',
          next: 'deploy the source that is to run',
        },
      ],
    });
  });

  it('is content with a gradual deployment that is under way, and says how far it is', async () => {
    lambda
      .on(GetAliasCommand, { FunctionName: 'logistics-status-updater-dev' })
      .resolves({ FunctionVersion: '9', RoutingConfig: { AdditionalVersionWeights: { 12: 0.1 } } });

    const { found } = await findings('versions');

    expect(found).toEqual([
      { state: 'ok', finding: expect.stringContaining('logistics-status-updater-dev runs 9, 12 for 10 %;') },
    ]);
  });

  it('looks at rules that are off or missing', async () => {
    events
      .on(ListRulesCommand)
      .resolves({ Rules: [enabled(RULES[0] ?? ''), { Name: RULES[1], State: 'DISABLED' }, enabled(RULES[3] ?? '')] });

    expect((await findings('rules')).found.map(({ finding }) => finding)).toEqual([
      'logistics-status-update-dev is disabled',
      'logistics-errors-dev is missing',
    ]);
  });

  it('looks at an archive that keeps nothing', async () => {
    events.on(DescribeArchiveCommand).resolves({ State: 'DISABLED' });

    expect((await findings('archive')).found).toEqual([expect.objectContaining({ state: 'attention' })]);
  });

  it('looks at a deploy that failed, and at a stack of another environment', async () => {
    stacks.on(DescribeStacksCommand).resolves(
      stackWith({
        StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
        Outputs: [{ OutputKey: 'EventBusName', OutputValue: 'logistics-events-test' }],
      }),
    );

    expect((await findings('stack')).found).toEqual([
      expect.objectContaining({
        state: 'attention',
        finding: 'logistics-event-processor-dev: UPDATE_ROLLBACK_COMPLETE',
      }),
    ]);
    expect((await findings('outputs')).found).toEqual([
      { state: 'attention', finding: 'the bus is logistics-events-test', next: 'deploy with EnvironmentSuffix=dev' },
    ]);
  });

  it('says what it may not see, and still tells the rest', async () => {
    const denied = new Error('User: eve is not authorized to perform: cloudwatch:DescribeAlarms on resource: *');
    alarms.on(DescribeAlarmsCommand).rejects(Object.assign(denied, { name: 'AccessDenied' }));

    expect((await findings('alarms')).found).toEqual([
      { state: 'unknown', finding: expect.stringContaining('lack the permission cloudwatch:DescribeAlarms') },
    ]);
    expect((await findings('rules')).found).toEqual([{ state: 'ok', finding: 'all 4 are enabled' }]);
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
