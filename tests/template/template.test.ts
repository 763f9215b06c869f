import { readFileSync } from 'node:fs';
import { ENVIRONMENT_VARIABLES } from '../../contracts/environment';
import { FUNCTION_KEYS, FUNCTIONS, failureQueueName, functionName } from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { NAMES } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { idle, total, used } from '../../template-src/cost/bill';
import { costTables, dollars, VOLUMES } from '../../template-src/cost/tables';
import { functionIds } from '../../template-src/function-ids';
import { patternOf, patternOfOthers } from '../../template-src/patterns';
import { samconfigToml } from '../../template-src/samconfig';
import { template } from '../../template-src/template';
import { templateYaml } from '../../template-src/yaml';
import { METRIC_CATALOGUE } from './metric-catalogue';
import { ofType, rendered as plain, resources } from './rendered';

const properties = (id: string) => {
  const found = resources[id]?.Properties;
  if (!found) throw new Error(`no resource ${id}`);
  return found;
};

/** Every value in a structure, with the key it stands under. */
function* walk(value: unknown): Generator<[key: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield [key, member];
    yield* walk(member);
  }
}

function referenced(): string[] {
  const names: string[] = [];
  for (const [key, value] of walk(plain)) {
    if (key === 'Ref' && typeof value === 'string') names.push(value);
    if (key === 'Fn::GetAtt' && Array.isArray(value)) names.push(String(value[0]));
    if (key === 'Fn::Sub')
      for (const [, name = ''] of String(value).matchAll(/\$\{([^}]+)\}/g)) names.push(name.replace(/\.\w+$/, ''));
  }
  return names;
}

describe('the rendered files', () => {
  it.each([
    ['template.yaml', () => templateYaml(template)],
    ['samconfig.toml', () => samconfigToml],
  ])('%s is what the definitions render', (file, render) => {
    expect(readFileSync(file, 'utf8')).toBe(render());
  });
});

describe('references', () => {
  it('each name a resource, a parameter or a pseudo parameter', () => {
    const known = new Set([...Object.keys(resources), ...Object.keys(plain.Parameters)]);
    expect(referenced().filter((name) => !known.has(name) && !name.startsWith('AWS::'))).toEqual([]);
  });

  it('each condition exists', () => {
    const used = Object.values(resources).flatMap(({ Condition }) =>
      typeof Condition === 'string' ? [Condition] : [],
    );
    const inIf = [...walk(resources)]
      .filter(([key]) => key === 'Fn::If')
      .map(([, value]) => String((value as unknown[])[0]));
    expect([...used, ...inIf].filter((name) => !(name in plain.Conditions))).toEqual([]);
  });
});

describe.each(FUNCTION_KEYS)('%s', (key) => {
  const ids = functionIds(key);
  const fn = properties(ids.function);

  it('has its own role, log group and environment', () => {
    expect(fn.FunctionName).toEqual({ 'Fn::Sub': `${functionName(key)}-\${EnvironmentSuffix}` });
    expect(fn.Role).toEqual({ 'Fn::GetAtt': [ids.role, 'Arn'] });
    expect(fn.LoggingConfig).toEqual({ LogFormat: 'JSON', LogGroup: { Ref: ids.logGroup } });
    expect(properties(ids.logGroup).RetentionInDays).toEqual({ Ref: 'LogRetentionDays' });
    expect(Object.keys(fn.Environment.Variables).sort()).toEqual([...ENVIRONMENT_VARIABLES[key]].sort());
  });

  it('has two doors to one encrypted queue of 14 days', () => {
    const queue = { 'Fn::GetAtt': [ids.queue, 'Arn'] };
    const [target] = properties(ids.rule).Targets;
    expect(target.DeadLetterConfig).toEqual({ Arn: queue });
    expect(target.RetryPolicy).toEqual({
      MaximumRetryAttempts: expect.any(Number),
      MaximumEventAgeInSeconds: expect.any(Number),
    });
    expect(fn.EventInvokeConfig).toEqual({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Type: 'SQS', Destination: queue } },
    });
    expect(properties(ids.queue)).toMatchObject({
      QueueName: { 'Fn::Sub': `${failureQueueName(key)}-\${EnvironmentSuffix}` },
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    expect(statementsOf(ids.role)).toContainEqual({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue });
  });

  it('may be invoked by its rule, which takes exactly its contracts', () => {
    expect(properties(ids.permission)).toMatchObject({ SourceArn: { 'Fn::GetAtt': [ids.rule, 'Arn'] } });
    expect(properties(ids.rule).EventPattern).toEqual(patternOf(CONTRACTS[key]));
    expect(properties(ids.rule).Name).toEqual({ 'Fn::Sub': `${FUNCTIONS[key].rule}-\${EnvironmentSuffix}` });
  });
});

describe('the functions’ figures', () => {
  it.each([
    ['ShipmentProcessor', 30, 256, 2, 3_600],
    ['StatusUpdater', 15, 128, 1, 1_800],
    ['NotificationHandler', 10, 128, 185, 86_400],
  ])('%s: %i s, %i MB, hand-over %i retries in %i s', (id, timeout, memory, retries, age) => {
    expect(properties(id)).toMatchObject({ Timeout: timeout, MemorySize: memory, Runtime: 'nodejs24.x' });
    const [{ RetryPolicy }] = properties(`${id}Rule`).Targets;
    expect(RetryPolicy).toEqual({ MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age });
  });
});

const statementsOf = (roleId: string) =>
  properties(roleId).Policies.flatMap(
    (policy: { PolicyDocument: { Statement: unknown[] } }) => policy.PolicyDocument.Statement,
  );

describe('permissions', () => {
  it('name actions and resources, but for X-Ray, which has none to name', () => {
    for (const [id] of ofType('AWS::IAM::Role')) {
      const wild = [...walk(statementsOf(id))].filter(
        ([key, value]) => ['Action', 'Resource'].includes(key) && String(value).includes('*'),
      );
      expect(wild).toEqual([['Resource', '*']]);
    }
  });

  it('let only the shipment functions announce failures, and nothing else', () => {
    const may = ofType('AWS::IAM::Role').filter(([id]) =>
      JSON.stringify(statementsOf(id)).includes('events:PutEvents'),
    );
    expect(may.map(([id]) => id)).toEqual(['ShipmentProcessorRole', 'StatusUpdaterRole']);
    for (const [id] of may) {
      expect(statementsOf(id)).toContainEqual(
        expect.objectContaining({
          Action: 'events:PutEvents',
          Condition: {
            StringEquals: { 'events:source': ['logistics.error'], 'events:detail-type': ['Processing Error'] },
          },
        }),
      );
    }
  });
});

describe('producers in other accounts', () => {
  it('may put events on this bus when they are named, and nothing else', () => {
    expect(resources['ProducerAccess']).toEqual({
      Type: 'AWS::Events::EventBusPolicy',
      Condition: 'HasProducerAccounts',
      Properties: {
        EventBusName: { Ref: 'EventBus' },
        StatementId: 'OtherAccountsPutEvents',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: { Ref: 'ProducerAccountIds' } },
          Action: 'events:PutEvents',
          Resource: { 'Fn::GetAtt': ['EventBus', 'Arn'] },
        },
      },
    });
    expect(plain.Parameters.ProducerAccountIds).toMatchObject({ Type: 'CommaDelimitedList', Default: '' });
    expect(plain.Conditions.HasProducerAccounts).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: 'ProducerAccountIds' }] }, ''] }],
    });
  });
});

describe('tables', () => {
  it.each(Object.values(TABLES))(
    '$name outlives the stack, restorable and encrypted, with its keys',
    ({ name, indexes }) => {
      const [, table] =
        ofType('AWS::DynamoDB::Table').find(([, { Properties }]) =>
          Properties?.['TableName']['Fn::Sub'].startsWith(`${name}-$`),
        ) ?? [];
      expect(table).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { SSEEnabled: true },
        },
      });
      const declared = (table?.Properties?.['GlobalSecondaryIndexes'] ?? []).map(
        ({ IndexName }: { IndexName: string }) => IndexName,
      );
      expect(declared).toEqual(Object.keys(indexes));
    },
  );
});

describe('what outlives the stack', () => {
  it('is the tables and the topics’ key, as teardown says', () => {
    const retained = Object.values(resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    const types = retained.map(({ Type }) => Type);
    expect(new Set(types)).toEqual(new Set(['AWS::DynamoDB::Table', 'AWS::KMS::Key']));
    for (const type of new Set(types)) expect(ofType(type)).toHaveLength(types.filter((each) => each === type).length);
  });

  it('is imported as it is declared', () => {
    const imported = JSON.parse(readFileSync('import-template.json', 'utf8')).Resources;
    expect(imported).toEqual(Object.fromEntries(ofType('AWS::DynamoDB::Table')));
  });
});

describe('topics and their key', () => {
  it('are encrypted with a key that alarms may use', () => {
    for (const [, { Properties }] of ofType('AWS::SNS::Topic'))
      expect(Properties).toMatchObject({ KmsMasterKeyId: { Ref: 'TopicKey' } });
    expect(properties('TopicKey').KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      }),
    );
  });
});

describe('queues', () => {
  it('each take messages from their rule only, and raise an alarm at each arrival', () => {
    for (const [id] of ofType('AWS::SQS::Queue')) {
      const [statement] = properties(`${id}Policy`).PolicyDocument.Statement;
      expect(statement).toMatchObject({
        Principal: { Service: 'events.amazonaws.com' },
        Resource: { 'Fn::GetAtt': [id, 'Arn'] },
      });
      expect(Object.keys(statement.Condition)).toEqual(['ArnEquals']);
      expect(properties(`${id}ArrivalsAlarm`)).toMatchObject({ MetricName: 'NumberOfMessagesSent', Threshold: 0 });
    }
  });
});

describe('alarms', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm');

  it.each(alarms)('%s watches a metric that AWS publishes with these dimensions', (_, { Properties }) => {
    const { Namespace, MetricName, Dimensions } = Properties ?? {};
    const names = Dimensions.map(({ Name }: { Name: string }) => Name).sort();
    expect(METRIC_CATALOGUE[Namespace]?.[MetricName]?.map((set) => [...set].sort())).toContainEqual(names);
  });

  it.each(alarms)('%s tells the alert topic what to type, and is quiet without data', (_, { Properties }) => {
    const description: string = Properties?.['AlarmDescription']['Fn::Sub'];
    expect(Properties).toMatchObject({ AlarmActions: [{ Ref: 'AlertsTopic' }], TreatMissingData: 'notBreaching' });
    expect(description).toMatch(/ Then: (npx logistics|aws) [^.]+$/);
    // CloudWatch takes 1,024 characters.
    expect(description.length).toBeLessThan(1_000);
  });

  it('watch each table and each index for throttles', () => {
    const watched = alarms.filter(([, { Properties }]) => Properties?.['MetricName'] === 'WriteThrottleEvents');
    const expected = Object.values(TABLES).reduce((sum, { indexes }) => sum + 1 + Object.keys(indexes).length, 0);
    expect(watched).toHaveLength(expected);
  });

  it('watch each rule and each function', () => {
    const count = (metric: string) =>
      alarms.filter(([, { Properties }]) => Properties?.['MetricName'] === metric).length;
    for (const metric of ['FailedInvocations', 'InvocationsFailedToBeSentToDlq'])
      expect(count(metric)).toBe(ofType('AWS::Events::Rule').length);
    for (const metric of [
      'Errors',
      'Throttles',
      'AsyncEventsDropped',
      'AsyncEventAge',
      'DestinationDeliveryFailures',
      'Duration',
    ]) {
      expect(count(metric)).toBe(FUNCTION_KEYS.length);
    }
  });
});

describe('names and tags', () => {
  it('are the design’s, with the environment at the end', () => {
    const text = JSON.stringify(plain);
    for (const name of Object.values(NAMES)) expect(text).toContain(`${name}-\${EnvironmentSuffix}`);
  });

  it('stand on everything that can carry them', () => {
    const untagged = Object.values(resources)
      .filter(({ Properties }) => !Properties?.['Tags'])
      .map(({ Type }) => Type);
    expect([...new Set(untagged)].sort()).toEqual([
      'AWS::CloudWatch::Dashboard',
      'AWS::Events::Archive',
      'AWS::Events::EventBusPolicy',
      'AWS::KMS::Alias',
      'AWS::Lambda::Permission',
      'AWS::Logs::QueryDefinition',
      'AWS::SNS::Subscription',
      'AWS::SQS::QueuePolicy',
    ]);
  });
});

describe('event patterns', () => {
  const a = { source: 's1', detailType: 'A' };
  const b = { source: 's1', detailType: 'B' };
  const c = { source: 's2', detailType: 'C' };

  it('keep pairs of source and detail-type apart', () => {
    expect(patternOf([b, a])).toEqual({ source: ['s1'], 'detail-type': ['A', 'B'] });
    expect(patternOf([a, c])).toEqual({
      $or: [
        { source: ['s1'], 'detail-type': ['A'] },
        { source: ['s2'], 'detail-type': ['C'] },
      ],
    });
  });

  it('of the others are the exact complement', () => {
    expect(patternOfOthers([a, b, c])).toEqual({
      $or: [
        { source: [{ 'anything-but': ['s1', 's2'] }] },
        { source: ['s1'], 'detail-type': [{ 'anything-but': ['A', 'B'] }] },
        { source: ['s2'], 'detail-type': [{ 'anything-but': ['C'] }] },
      ],
    });
  });
});

describe('the documents', () => {
  it('say what the stack costs as the template and the prices have it', () => {
    const readme = readFileSync('README.md', 'utf8').replaceAll('\n', ' ');
    for (const volume of [0, ...VOLUMES]) {
      const bill = volume === 0 ? idle : [...idle, ...used(volume)];
      expect(readme).toContain(dollars(total(bill)));
    }
    expect(readFileSync('docs/cost.md', 'utf8')).toContain(costTables.trim());
  });
});
