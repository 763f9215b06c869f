/** For each claim answers of AWS by which it holds, and one change of them by which it does not. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type Answers, awsError, RUN, received } from './stub';

export interface Case {
  readonly parameters?: Readonly<Record<string, string>>;
  /** Made anew for each trial: some answers are given once. */
  readonly holds: () => Answers;
  readonly broken: () => Answers;
  /** What the broken one is seen by. */
  readonly seen: string;
}

const SHIPMENT = `CONFORMANCE-${RUN}`;
const UPDATER = 'logistics-status-updater-dev';

/** Each time the next one; the last one for ever. */
function inTurn(...values: readonly object[]) {
  const left = [...values];
  return () => (left.length > 1 ? left.shift() : left[0]) as object;
}

const once = (first: object) => inTurn(first, {});

/** The function URL's answers to a GET and a POST. */
function answered(statuses: Readonly<Record<string, number>>): Answers {
  jest
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async (_, { method = '' } = {}) => new Response('{}', { status: statuses[method] ?? 500 }));
  return {};
}

const enabled = { State: 'ENABLED' };

const event = { id: 'envelope-1', 'detail-type': 'x', detail: { shipment_id: `${SHIPMENT}-event` } };

const exhausted = { requestContext: { condition: 'RetriesExhausted' }, requestPayload: event, responsePayload: {} };

const undeliverable = {
  Body: JSON.stringify(event),
  MessageAttributes: { ERROR_CODE: { StringValue: 'NO_PERMISSIONS' } },
};

const rowOf = (attempts: string, error_type = 'rejected', last = '10:03:02') => ({
  Items: [
    {
      attempts: { N: attempts },
      error_type: { S: error_type },
      first_seen_at: { S: '2026-03-02T10:00:00Z' },
      last_seen_at: { S: `2026-03-02T${last}Z` },
    },
  ],
});

/** An event that failed, with all it leaves behind. */
const failed = (row = rowOf('3'), announced = 'rejected'): Answers => ({
  Query: row,
  ReceiveMessage: received(
    [
      { 'detail-type': 'Event Failed', detail: { error_id: `${UPDATER}/envelope-1`, error_type: announced } },
      { TopicArn: 'arn:processing', Message: `{"error_id":"${UPDATER}/envelope-1"}` },
    ],
    [exhausted],
  ),
  GetFunctionEventInvokeConfig: ({ Qualifier }: { Qualifier?: string }) =>
    Qualifier ? aliasTo('logistics-status-updater-dlq-dev') : awsError('ResourceNotFoundException'),
});

const aliasTo = (queue: string) => ({
  MaximumRetryAttempts: 2,
  DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:us-east-1:111122223333:${queue}` } },
});

const permission = {
  Policy: JSON.stringify({
    Statement: [
      {
        Sid: 's',
        Action: 'lambda:InvokeFunction',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:rule' } },
      },
    ],
  }),
};

const logRow = { Items: [{ event_id: { S: 'envelope-1' }, timestamp: { N: '1' }, shipment_id: { S: SHIPMENT } }] };

const again = (id: string) => ({ ...event, id, 'replay-name': 'r', detail: { shipment_id: `${SHIPMENT}-replayed` } });

const replay = (id: string, after: object): Answers => ({
  Query: inTurn(logRow, after),
  DescribeReplay: { State: 'COMPLETED' },
  ReceiveMessage: received([again(id)]),
});

const CHANGES = ['in_transit', 'out_for_delivery', 'failed', 'available_for_pickup', 'in_transit'];

/** The published changes of one shipment, the first of which has `previous` in place of nothing. */
function published(previous: string | null): Answers {
  let sent = 0;
  return {
    PutEvents: () => {
      sent += 1;
      return { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] };
    },
    GetItem: () => ({ Item: { event_id: { S: `${SHIPMENT}-change-${sent - 1}` } } }),
    ReceiveMessage: received(
      CHANGES.map((status, at) => ({
        'detail-type': 'Shipment Status Changed',
        detail: {
          shipment_id: `${SHIPMENT}-changes`,
          status,
          version: String(at),
          ...(at > 0 ? { previous_status: CHANGES[at - 1] } : previous && { previous_status: previous }),
        },
      })).reverse(),
    ),
  };
}

/** Lambda's record of a stream's batch that it gave up. */
const givenUp = (batchSize: number): Answers => ({
  ...published(null),
  GetFunction: { Configuration: { State: 'Active' } },
  ListEventSourceMappings: { EventSourceMappings: [{ UUID: 'u' }] },
  ReceiveMessage: received(
    [],
    [
      {
        requestContext: { functionArn: `arn:aws:lambda:us-east-1:1:function:logistics-conformance-${RUN}-stream-dev` },
        DDBStreamBatchInfo: { batchSize },
      },
    ],
  ),
});

const alarmIn = (...states: readonly string[]) =>
  inTurn(...states.map((StateValue) => ({ MetricAlarms: [{ StateValue }] })));

const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A table that sorts what is written to it. */
function sorted(order: (a: string, b: string) => number): Answers {
  const versions: string[] = [];
  const items = () => [...versions].sort(order).map((version) => ({ version: { S: version } }));
  return {
    BatchWriteItem: ({
      RequestItems,
    }: {
      RequestItems: Record<string, { PutRequest: { Item: { version: { S: string } } } }[]>;
    }) => {
      versions.push(
        ...Object.values(RequestItems)
          .flat()
          .map(({ PutRequest }) => PutRequest.Item.version.S),
      );
      return {};
    },
    Query: () => ({ Items: items() }),
    GetItem: () => ({ Item: [...items()].at(-1) }),
  };
}

interface Put {
  readonly Item: { readonly event_id: { readonly S: string } };
}

/** A table that keeps what it takes, and refuses the ids of what is too large. */
function limited(refuses: boolean): Answers {
  const items = new Map<string, object>();
  return {
    PutItem({ Item }: Put) {
      const id = Item.event_id.S;
      if (refuses && (id === 'an-id' || id === '' || id.length > 2_048)) return awsError('ValidationException');
      items.set(id, Item);
      return {};
    },
    GetItem: ({ Key }: { Key: Put['Item'] }) => ({ Item: items.get(Key.event_id.S) }),
  };
}

const conditionFailed = (Item?: object) =>
  new ConditionalCheckFailedException({ message: 'no', $metadata: {}, ...(Item && { Item: Item as never }) });

const units = (...consumed: readonly number[]) =>
  inTurn(...consumed.map((CapacityUnits) => ({ ConsumedCapacity: { CapacityUnits } })));

const recoverable = (at: Date) => ({
  ContinuousBackupsDescription: {
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      EarliestRestorableDateTime: new Date(0),
      LatestRestorableDateTime: at,
    },
  },
});

const SOON = new Date('2100-01-01');

const rows = (...versions: readonly string[]) => ({
  Items: versions.map((version) => ({ shipment_id: { S: 'RESTORE' }, version: { S: version } })),
});

const series = [
  { MetricStat: { Metric: { Namespace: 'AWS/X', MetricName: 'M', Dimensions: [{ Name: 'QueueName', Value: 'q' }] } } },
];

const resources = (ResourceType: string, PhysicalResourceId: string, ResourceStatus = 'UPDATE_COMPLETE') => ({
  StackResourceSummaries: [{ ResourceType, PhysicalResourceId, ResourceStatus }],
});

const report = (ms: number) => ({
  LogResult: Buffer.from(`REPORT RequestId: r\tDuration: ${ms} ms\tBilled Duration: 1 ms\t`).toString('base64'),
});

const decisions = (...each: readonly string[]) =>
  inTurn(...each.map((decision) => [`<EvalDecision>${decision}</EvalDecision>`]));

export const CASES: Readonly<Record<string, Case>> = {
  'conditional-put': {
    holds: () => ({ PutItem: inTurn({}, conditionFailed({ payload_hash: { S: '2:hash' } })) }),
    broken: () => ({ PutItem: inTurn({}, {}, conditionFailed({ payload_hash: { S: '2:hash' } })) }),
    seen: '2 made, 18 answered with its row',
  },
  'version-order': {
    holds: () => sorted(bytewise),
    broken: () => sorted((a, b) => a.localeCompare(b, 'en')),
    seen: 'sort keys not in the order of their bytes',
  },
  'item-limits': {
    holds: () => limited(true),
    broken: () => limited(false),
    seen: 'a number too large is stored',
  },
  'index-key-limit': {
    holds: () => ({ PutItem: awsError('ValidationException') }),
    broken: () => ({ PutItem: {} }),
    seen: 'it is stored',
  },
  'write-units': {
    holds: () => ({ PutItem: units(3, 2, 3, 3) }),
    broken: () => ({ PutItem: units(3, 2, 3, 2) }),
    seen: '5 and 5, where 5 and 6 are counted',
  },
  'pattern-anything-but': {
    holds: () => ({ TestEventPattern: { Result: false } }),
    broken: () => ({ TestEventPattern: { Result: true } }),
    seen: 'it matches',
  },
  'foreign-source': {
    holds: () => ({ PutEvents: awsError('AccessDeniedException') }),
    broken: () => ({ PutEvents: { Entries: [{ EventId: 'e' }] } }),
    seen: 'the bus took it',
  },
  'no-producer-grants': {
    holds: () => ({ DescribeEventBus: { Policy: '{"Statement":[{"Sid":"D","Effect":"Deny"}]}' } }),
    broken: () => ({ DescribeEventBus: { Policy: '{"Statement":[{"Sid":"Grant","Effect":"Allow"}]}' } }),
    seen: 'it has Grant',
  },
  'bus-with-archive': {
    holds: () => ({ DescribeArchive: enabled, DeleteEventBus: once(awsError('ValidationException', 'it has rules')) }),
    broken: () => ({ DeleteEventBus: {} }),
    seen: 'it is deleted',
  },
  'replay-keeps-id': {
    holds: () => replay('envelope-1', { Items: [] }),
    broken: () => replay('envelope-2', { Items: [] }),
    seen: 'envelope-1 came again as envelope-2',
  },
  'replay-filter': {
    holds: () => replay('envelope-1', { Items: [] }),
    broken: () => replay('envelope-1', logRow),
    seen: 'the status updater had it, too',
  },
  'rule-dead-letter': {
    holds: () => ({ GetPolicy: permission, Query: logRow, ReceiveMessage: received([], [undeliverable]) }),
    broken: () => ({ ReceiveMessage: received([], []) }),
    seen: 'no event in the queue',
  },
  'bus-log': {
    parameters: { BusLogs: 'true' },
    holds: () => ({
      GetPolicy: permission,
      Query: logRow,
      ReceiveMessage: received([], [undeliverable]),
      GetMetricStatistics: { Datapoints: [{ Sum: 1 }] },
    }),
    broken: () => ({ GetMetricStatistics: { Datapoints: [] } }),
    seen: '0 lines in ten minutes',
  },
  'rejected-event': {
    holds: () => failed(),
    broken: () => ({ Query: rowOf('2'), ReceiveMessage: received([]) }),
    seen: 'row: rejected, 2 attempts; bus: nothing; topic: nothing; dead-letter queue: nothing',
  },
  'transient-failure': {
    holds: () => failed(rowOf('3', 'transient'), 'retries_exhausted'),
    broken: () => ({ ReceiveMessage: received([], [exhausted]) }),
    seen: 'row: transient, 3 attempts; bus: nothing; topic: nothing; dead-letter queue: the event',
  },
  'poison-event': {
    holds: () => failed(),
    broken: () => ({ PutEvents: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] } }),
    seen: 'the bus refused the event: MalformedDetail',
  },
  'retry-keeps-id': {
    holds: () => failed(),
    broken: () => failed(rowOf('1')),
    seen: '1 attempts on the row of envelope-1',
  },
  'retry-pauses': {
    holds: () => failed(),
    broken: () => failed(rowOf('3', 'rejected', '10:00:03')),
    seen: '3 s from the first attempt to the third',
  },
  'alias-destination': {
    holds: () => failed(),
    broken: () => ({
      GetFunctionEventInvokeConfig: ({ Qualifier }: { Qualifier?: string }) =>
        Qualifier ? aliasTo('another') : awsError('ResourceNotFoundException'),
    }),
    seen: 'the alias has 2 retries and another, which got the event',
  },
  'stream-changes': {
    parameters: { PublishStatusChanges: 'true' },
    holds: () => published(null),
    broken: () => published('delivered'),
    seen: 'delivered to in_transit, in_transit to out_for_delivery',
  },
  'stream-partial-batch': {
    holds: () => givenUp(3),
    broken: () => givenUp(5),
    seen: 'given up: 5 of 5 changes',
  },
  'public-address': {
    parameters: { CarrierWebhooks: 'true' },
    holds: () => answered({ GET: 405, POST: 401 }),
    broken: () => answered({ GET: 403, POST: 403 }),
    seen: 'GET was answered with 403, POST with 403',
  },
  'sns-subject': {
    holds: () => ({
      Publish: ({ Subject }: { Subject: string }) =>
        Subject.length < 100 ? {} : awsError('InvalidParameterException'),
    }),
    broken: () => ({ Publish: {} }),
    seen: '99 characters: taken; 100: taken',
  },
  'alarm-message': {
    holds: () => ({ ReceiveMessage: received([{ Message: `{"AlarmName":"logistics-conformance-${RUN}-dev"}` }]) }),
    broken: () => ({ ReceiveMessage: received([]) }),
    seen: 'no message in three minutes',
  },
  'alarm-ends': {
    holds: () => ({ DescribeAlarms: alarmIn('INSUFFICIENT_DATA', 'ALARM', 'ALARM', 'OK') }),
    broken: () => ({ DescribeAlarms: alarmIn('ALARM') }),
    seen: 'it went off and is still in ALARM',
  },
  'alarm-ends-not-breaching': {
    holds: () => ({ DescribeAlarms: alarmIn('ALARM', 'OK') }),
    broken: () => ({ DescribeAlarms: alarmIn('ALARM') }),
    seen: 'it went off and is still in ALARM',
  },
  'alarm-without-data': {
    holds: () => ({ DescribeAlarms: alarmIn('INSUFFICIENT_DATA', 'OK') }),
    broken: () => ({ DescribeAlarms: alarmIn('INSUFFICIENT_DATA') }),
    seen: 'it is INSUFFICIENT_DATA',
  },
  'alarm-metrics': {
    holds: () => ({
      DescribeAlarms: { MetricAlarms: [{ Metrics: series }] },
      ListMetrics: { Metrics: [{ Dimensions: [{ Name: 'QueueName' }] }] },
    }),
    broken: () => ({ ListMetrics: { Metrics: [{ Dimensions: [{ Name: 'QueueName' }, { Name: 'Region' }] }] } }),
    seen: 'AWS/X M has QueueName and Region, not QueueName',
  },
  'table-settings': {
    holds: () => ({
      DescribeContinuousBackups: () => recoverable(SOON),
      DescribeTimeToLive: { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED' } },
    }),
    broken: () => ({ DescribeTimeToLive: {} }),
    seen: 'logistics-shipment-events-dev: no TTL',
  },
  'own-key': {
    parameters: { EncryptWithOwnKey: 'true' },
    holds: () => ({
      DescribeKey: { KeyMetadata: { Arn: 'arn:key' } },
      DescribeTable: { Table: { SSEDescription: { KMSMasterKeyArn: 'arn:key' } } },
    }),
    broken: () => ({ DescribeKey: { KeyMetadata: { Arn: 'arn:another' } } }),
    seen: '0 of 3 tables have alias/logistics-data-dev',
  },
  'restore-second': {
    holds: () => ({ DescribeContinuousBackups: recoverable(SOON), Scan: rows('before') }),
    broken: () => ({ Scan: rows('before', 'after') }),
    seen: ': before, after',
  },
  'generated-names': {
    holds: () => ({ ListStackResources: resources('AWS::IAM::Role', 'r'.repeat(64)) }),
    broken: () => ({ ListStackResources: resources('AWS::IAM::Role', 'r'.repeat(65)) }),
    seen: 'rrr',
  },
  'gradual-deployment': {
    parameters: { GradualDeployment: 'true' },
    holds: () => ({ ListStackResources: resources('AWS::Lambda::Alias', 'live') }),
    broken: () => ({ ListStackResources: resources('AWS::Lambda::Alias', 'live', 'UPDATE_ROLLBACK_COMPLETE') }),
    seen: 'the aliases are UPDATE_ROLLBACK_COMPLETE',
  },
  'deploy-role': {
    holds: () => ({
      DescribeStacks: { Stacks: [{ Outputs: [{ OutputKey: 'DeployRoleArn', OutputValue: 'arn:aws:iam::1:role/r' }] }] },
      // Eight calls of a deployment, and nine that it must not make.
      SimulatePrincipalPolicy: decisions(...Array(8).fill('allowed'), ...Array(9).fill('implicitDeny')),
    }),
    broken: () => ({ SimulatePrincipalPolicy: decisions('allowed') }),
    seen: 'iam:CreateUser on arn:aws:iam::111122223333:user/conformance: allowed',
  },
  durations: {
    holds: () => ({ Invoke: report(20) }),
    broken: () => ({ Invoke: report(200) }),
    seen: '200 ms for a warm event',
  },
};
