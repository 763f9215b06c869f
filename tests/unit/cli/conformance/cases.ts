/** Answers of AWS for which a claim holds, and others for which it differs. */
import { toAttributes } from '../../../../src/adapters/attributes';
import { type Answers, awsError, inTurn } from '../mocked-aws';

export const RUN = 'test';

export const ARN = 'arn:aws:cloudformation:us-east-1:111122223333:stack/s';

/** The id of every event. */
const ID = 'envelope-1';
const SHIPMENT = `CONFORMANCE-${RUN}`;
const OWN = `logistics-conformance-${RUN}`;

/** Output of a query. */
const rows = (...items: readonly Parameters<typeof toAttributes>[0][]) => ({ Items: items.map(toAttributes) });

/** A bus that accepts events, with the rows of each: its shipment, its failure, and its log row until that is deleted. */
function events({ attempts = 3, last = '10:03:02' } = {}): Answers {
  const times = { first_seen_at: '2026-03-02T10:00:00Z', last_seen_at: `2026-03-02T${last}Z` };
  let event_id = '';
  let logged = rows({ event_id: ID, timestamp: 1 });
  return {
    PutEvents({ Entries: [{ Source, Detail }] }) {
      if (Source === 'logistics.status') return awsError('AccessDeniedException');
      event_id = JSON.parse(Detail).event_id;
      return { Entries: [{ EventId: ID }] };
    },
    GetItem: () => ({ Item: toAttributes({ event_id }) }),
    Query: ({ TableName }) =>
      TableName === 'logistics-error-events-dev' ? rows({ attempts, error_type: 'rejected', ...times }) : logged,
    DeleteItem() {
      logged = rows();
      return {};
    },
  };
}

/** Returns each message once, from the run's own inbox or from the dead-letter queues. */
function received(inbox: readonly object[], dead: readonly object[] = []): Answers {
  const waiting = { inbox: [...inbox], dead: [...dead] };
  return {
    ReceiveMessage: ({ QueueUrl }) => ({
      Messages: waiting[QueueUrl.includes('conformance') ? 'inbox' : 'dead'].splice(0).map((message) => ({
        MessageId: 'm',
        ReceiptHandle: 'r',
        Attributes: { SentTimestamp: '0', ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: '9999999' },
        MessageAttributes: { ERROR_CODE: { StringValue: 'NO_PERMISSIONS' } },
        Body: JSON.stringify(message),
      })),
    }),
  };
}

/** An undeliverable event, as EventBridge sends it to a dead-letter queue. */
const EVENT = { id: ID, 'detail-type': 'x', detail: { shipment_id: `${SHIPMENT}-event` } };

/** Lambda's record of a stream batch whose retries are exhausted. */
const discardedBatch = (batchSize: number) => ({
  requestContext: { functionArn: `arn:aws:lambda:us-east-1:1:function:${OWN}-stream-dev` },
  DDBStreamBatchInfo: { batchSize },
});

/** Published changes of a shipment, the first with a wrong previous status. */
const CHANGES = ['in_transit', 'out_for_delivery', 'failed', 'available_for_pickup', 'in_transit'].map(
  (status, place, statuses) => ({
    'detail-type': 'Shipment Status Changed',
    detail: {
      shipment_id: `${SHIPMENT}-changes`,
      version: String(place),
      status,
      previous_status: statuses[place - 1] ?? 'delivered',
    },
  }),
);

/** A replayed event. */
const replayed = (id: string) => ({ id, 'replay-name': 'r', detail: { shipment_id: `${SHIPMENT}-replayed` } });

const aliasTo = (queue: string): Answers => ({
  GetFunctionEventInvokeConfig: ({ Qualifier }) =>
    Qualifier
      ? { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:x:1:${queue}` } } }
      : awsError('ResourceNotFoundException'),
});

const policy = (statement: object) => ({ Policy: JSON.stringify({ Statement: [statement] }) });

const METRIC = { Namespace: 'AWS/X', MetricName: 'M', Dimensions: [{ Name: 'QueueName', Value: 'q' }] };

const alarmIn = (StateValue: string) => ({
  MetricAlarms: [{ StateValue, Metrics: [{ MetricStat: { Metric: METRIC } }] }],
});

const resources = (...summaries: readonly (readonly [type: string, name: string, status?: string])[]): Answers => ({
  ListStackResources: {
    StackResourceSummaries: summaries.map(([ResourceType, PhysicalResourceId, ResourceStatus = 'UPDATE_COMPLETE']) => ({
      ResourceType,
      PhysicalResourceId,
      ResourceStatus,
    })),
  },
});

const report = (ms: number) => ({
  LogResult: Buffer.from(`REPORT RequestId: r\tDuration: ${ms} ms\tBilled Duration: 1 ms\t`).toString('base64'),
});

/** The body of a response of IAM's policy simulator. */
const decision = (decided: string) => [`<EvalDecision>${decided}</EvalDecision>`];

const queue = ({ QueueName }: { QueueName: string }) => ({ QueueUrl: `https://sqs/${QueueName}` });

/** Answers for which every claim holds that differs on the embedded AWS. New for each trial, since some answers are given once. */
export const holding = (): Answers => ({
  ...events(),
  ...received([replayed(ID), { Message: `{"AlarmName":"${OWN}-dev"}` }], [EVENT, discardedBatch(3)]),
  ...aliasTo('logistics-status-updater-dlq-dev'),
  ...resources(['AWS::IAM::Role', 'r'.repeat(64)], ['AWS::Lambda::Alias', 'live']),
  CreateQueue: queue,
  GetQueueUrl: queue,
  DescribeEventBus: policy({ Sid: 'D', Effect: 'Deny' }),
  DescribeArchive: { ArchiveArn: 'arn:archive', EventSourceArn: 'arn:bus' },
  DescribeReplay: { State: 'COMPLETED' },
  GetPolicy: policy({
    Sid: 's',
    Action: 'lambda:InvokeFunction',
    Principal: { Service: 'events.amazonaws.com' },
    Condition: { ArnLike: { 'AWS:SourceArn': 'arn:rule' } },
  }),
  GetMetricStatistics: { Datapoints: [{ Sum: 1 }] },
  GetFunction: { Configuration: { State: 'Active' } },
  ListEventSourceMappings: { EventSourceMappings: [{ UUID: 'u' }] },
  fetch: ({ method }) => ({ status: method === 'GET' ? 405 : 401 }),
  Publish: ({ Subject }) => (Subject.length < 100 ? {} : awsError('InvalidParameterException')),
  DescribeAlarms: inTurn(...['INSUFFICIENT_DATA', 'ALARM', 'OK'].map(alarmIn)),
  ListMetrics: { Metrics: [{ Dimensions: [{ Name: 'QueueName' }] }] },
  DeleteTable: inTurn(awsError('ResourceInUseException'), {}),
  DescribeTable: { Table: { TableStatus: 'ACTIVE', SSEDescription: { KMSMasterKeyArn: 'arn:key' } } },
  DescribeContinuousBackups: {
    ContinuousBackupsDescription: {
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: 'ENABLED',
        EarliestRestorableDateTime: new Date(0),
        LatestRestorableDateTime: new Date('2100-01-01'),
      },
    },
  },
  DescribeTimeToLive: { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED' } },
  DescribeKey: { KeyMetadata: { Arn: 'arn:key' } },
  Scan: rows({ shipment_id: 'RESTORE', version: 'before' }),
  DescribeStacks: { Stacks: [{ Outputs: [{ OutputKey: 'DeployRoleArn', OutputValue: 'arn:aws:iam::1:role/r' }] }] },
  // Eight calls of a deployment, and nine that it must not make.
  SimulatePrincipalPolicy: inTurn(...Array(8).fill(decision('allowed')), decision('implicitDeny')),
  Invoke: report(20),
});

/** For each claim, answers for which it differs, and the observation then. */
export const CASES: Readonly<Record<string, readonly [answers: Answers, seen: string]>> = {
  'conditional-put': [{ PutItem: {} }, '20 created, 0 returned the stored row'],
  'version-order': [{ Query: rows() }, 'sort keys not in the order of their bytes; the row is not the greatest'],
  'item-limits': [{ PutItem: {} }, 'numbers at the edges: stored with a change'],
  'write-units': [{ PutItem: { ConsumedCapacity: { CapacityUnits: 3 } } }, '6 and 6, where 5 and 6 are counted'],
  'foreign-source': [{ PutEvents: { Entries: [{ EventId: 'e' }] } }, 'the bus accepted it'],
  'no-producer-grants': [{ DescribeEventBus: policy({ Sid: 'Grant', Effect: 'Allow' }) }, 'it has Grant'],
  'replay-keeps-id': [received([replayed('envelope-2')]), 'envelope-1 was replayed as envelope-2'],
  'replay-filter': [{ DeleteItem: {} }, 'the status updater received it, too'],
  'rule-dead-letter': [received([]), 'no event in the queue'],
  'bus-log': [{ GetMetricStatistics: {} }, '0 lines in ten minutes'],
  'rejected-event': [
    received([]),
    'row: rejected, 3 attempts; bus: nothing; topic: nothing; dead-letter queue: nothing',
  ],
  'transient-failure': [
    received([], [EVENT]),
    'row: rejected, 3 attempts; bus: nothing; topic: nothing; dead-letter queue: the event',
  ],
  'poison-event': [
    { PutEvents: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] } },
    'the bus refused the event: MalformedDetail',
  ],
  'retry-keeps-id': [events({ attempts: 1 }), '1 attempts on the row of envelope-1'],
  'retry-pauses': [events({ last: '10:00:03' }), '3 s from the first attempt to the third'],
  'alias-destination': [aliasTo('another'), 'the alias has 2 retries and another, which got the event'],
  'stream-changes': [received(CHANGES), 'delivered to in_transit, in_transit to out_for_delivery'],
  'stream-partial-batch': [received([], [discardedBatch(5)]), 'abandoned: 5 of 5 changes'],
  'sns-subject': [{ Publish: {} }, '99 characters: accepted; 100: accepted'],
  'alarm-message': [received([]), 'no message in three minutes'],
  'alarm-ends': [{ DescribeAlarms: alarmIn('ALARM') }, 'it went off and is still in ALARM'],
  'alarm-metrics': [
    { ListMetrics: { Metrics: [{ Dimensions: [{ Name: 'QueueName' }, { Name: 'Region' }] }] } },
    'AWS/X M has QueueName and Region, not QueueName',
  ],
  'public-address': [{ fetch: () => ({ status: 403 }) }, 'responses: GET 403, POST 403'],
  'table-settings': [{ DescribeTimeToLive: {} }, 'logistics-shipment-events-dev: no TTL'],
  'own-key': [{ DescribeKey: { KeyMetadata: { Arn: 'arn:another' } } }, '0 of 3 tables have alias/logistics-data-dev'],
  'restore-second': [
    { Scan: rows({ shipment_id: 'RESTORE', version: 'before' }, { shipment_id: 'RESTORE', version: 'after' }) },
    ': before, after',
  ],
  'generated-names': [resources(['AWS::IAM::Role', 'r'.repeat(65)]), 'rrr'],
  'gradual-deployment': [
    resources(['AWS::Lambda::Alias', 'live', 'UPDATE_ROLLBACK_COMPLETE']),
    'the aliases are UPDATE_ROLLBACK_COMPLETE',
  ],
  'deploy-role': [
    { SimulatePrincipalPolicy: inTurn(decision('allowed')) },
    'iam:CreateUser on arn:aws:iam::111122223333:user/conformance: allowed',
  ],
  durations: [{ Invoke: report(200) }, '200 ms for a warm event'],
};
