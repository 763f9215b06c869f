/** An AWS on which each claim is held that the embedded AWS does not hold. */
import { toAttributes } from '../../../../src/adapters/attributes';
import { type Answers, awsError, RUN } from './stub';

/** The id of every event. */
const ID = 'envelope-1';
const SHIPMENT = `CONFORMANCE-${RUN}`;
const OWN = `logistics-conformance-${RUN}`;

/** Each time the next one; the last one for ever. */
export function inTurn(...values: readonly object[]) {
  const left = [...values];
  return () => (left.length > 1 ? left.shift() : left[0]) as object;
}

/** The rows of an answer to a query. */
export const rows = (...items: readonly Parameters<typeof toAttributes>[0][]) => ({ Items: items.map(toAttributes) });

/** A bus that takes events, with the rows of each: of its shipment, of its failure, and in the log until it is deleted there. */
export function events({ attempts = 3, last = '10:03:02' } = {}): Answers {
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

/** Hands out messages once: those of the run's own inbox, and those of the dead-letter queues. */
export function received(inbox: readonly object[], dead: readonly object[] = []): Answers {
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

/** An event that no target got, as EventBridge puts it into a dead-letter queue. */
export const EVENT = { id: ID, 'detail-type': 'x', detail: { shipment_id: `${SHIPMENT}-event` } };

/** Lambda's record of a stream's batch that it gave up. */
export const givenUp = (batchSize: number) => ({
  requestContext: { functionArn: `arn:aws:lambda:us-east-1:1:function:${OWN}-stream-dev` },
  DDBStreamBatchInfo: { batchSize },
});

/** The published changes of a shipment, with a wrong status before the first. */
export const CHANGES = ['in_transit', 'out_for_delivery', 'failed', 'available_for_pickup', 'in_transit'].map(
  (status, at, all) => ({
    'detail-type': 'Shipment Status Changed',
    detail: {
      shipment_id: `${SHIPMENT}-changes`,
      version: String(at),
      status,
      previous_status: all[at - 1] ?? 'delivered',
    },
  }),
);

/** A replayed event. */
export const again = (id: string) => ({ id, 'replay-name': 'r', detail: { shipment_id: `${SHIPMENT}-replayed` } });

export const aliasTo = (queue: string): Answers => ({
  GetFunctionEventInvokeConfig: ({ Qualifier }) =>
    Qualifier
      ? { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:x:1:${queue}` } } }
      : awsError('ResourceNotFoundException'),
});

export const policy = (statement: object) => ({ Policy: JSON.stringify({ Statement: [statement] }) });

const METRIC = { Namespace: 'AWS/X', MetricName: 'M', Dimensions: [{ Name: 'QueueName', Value: 'q' }] };

export const alarmIn = (StateValue: string) => ({
  MetricAlarms: [{ StateValue, Metrics: [{ MetricStat: { Metric: METRIC } }] }],
});

export const resources = (...all: readonly (readonly [type: string, name: string, status?: string])[]): Answers => ({
  ListStackResources: {
    StackResourceSummaries: all.map(([ResourceType, PhysicalResourceId, ResourceStatus = 'UPDATE_COMPLETE']) => ({
      ResourceType,
      PhysicalResourceId,
      ResourceStatus,
    })),
  },
});

export const report = (ms: number) => ({
  LogResult: Buffer.from(`REPORT RequestId: r\tDuration: ${ms} ms\tBilled Duration: 1 ms\t`).toString('base64'),
});

export const decision = (is: string) => [`<EvalDecision>${is}</EvalDecision>`];

const queue = ({ QueueName }: { QueueName: string }) => ({ QueueUrl: `https://sqs/${QueueName}` });

/** Made anew for each trial: some answers are given once. */
export const holding = (): Answers => ({
  ...events(),
  ...received([again(ID), { Message: `{"AlarmName":"${OWN}-dev"}` }], [EVENT, givenUp(3)]),
  ...aliasTo('logistics-status-updater-dlq-dev'),
  ...resources(['AWS::IAM::Role', 'r'.repeat(64)], ['AWS::Lambda::Alias', 'live']),
  CreateQueue: queue,
  GetQueueUrl: queue,
  PutItem: ({ Item }) => (Item.shipment_id.S.length > 2_048 ? awsError('ValidationException') : {}),
  TestEventPattern: { Result: false },
  DescribeEventBus: policy({ Sid: 'D', Effect: 'Deny' }),
  DescribeArchive: { State: 'ENABLED', ArchiveArn: 'arn:archive', EventSourceArn: 'arn:bus' },
  DeleteEventBus: inTurn(awsError('ValidationException', 'it has rules'), {}),
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
