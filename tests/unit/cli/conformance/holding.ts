/** An AWS on which every claim is held. */
import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { toAttributes } from '../../../../src/adapters/attributes';
import { type Answers, awsError, RUN } from './stub';

const SHIPMENT = `CONFORMANCE-${RUN}`;
const UPDATER = 'logistics-status-updater-dev';

/** What is put on the bus about a shipment, with an id that tells whose it is. */
const eventOf = (shipment: string) => ({
  id: `id-of-${SHIPMENT}-${shipment}`,
  'detail-type': 'x',
  detail: { shipment_id: `${SHIPMENT}-${shipment}` },
});

/** Each time the next one; the last one for ever. */
export function inTurn(...values: readonly object[]) {
  const left = [...values];
  return () => (left.length > 1 ? left.shift() : left[0]) as object;
}

type Row = Readonly<Record<string, AttributeValue>>;

const errorRow = ({ attempts = 3, error_type = 'rejected', last = '10:03:02' }) => ({
  attempts,
  error_type,
  first_seen_at: '2026-03-02T10:00:00Z',
  last_seen_at: `2026-03-02T${last}Z`,
});

/** The answer to a query that finds one row of a failed event. */
export const failed = (row: Parameters<typeof errorRow>[0]) => ({ Items: [toAttributes(errorRow(row))] });

const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Tables that keep what is put into them, with a bus whose events leave their rows there. @param order of versions */
export function tables(order = bytewise): Answers {
  const kept = new Map<string, Row[]>();
  const rowsOf = (table: string) => {
    const rows = kept.get(table) ?? [];
    kept.set(table, rows);
    return rows;
  };
  const sorted = (rows: readonly Row[]) =>
    [...rows].sort((a, b) => order(a['version']?.S ?? '', b['version']?.S ?? ''));
  const has = (row: Row, key: Row) =>
    Object.entries(key).every(([name, { S, N }]) => (row[name]?.S ?? row[name]?.N) === (S ?? N));
  /** The first one is what is too large for other reasons. */
  const isRefused = (id = '-') => id === 'an-id' || id === '' || id.length > 2_048;
  return {
    PutItem({ TableName, Item, ConditionExpression }) {
      if (isRefused(Item.event_id?.S) || isRefused(Item.shipment_id.S)) return awsError('ValidationException');
      const rows = rowsOf(TableName);
      const there = rows.find(({ event_id }) => event_id?.S === Item.event_id?.S);
      if (there && ConditionExpression === 'attribute_not_exists(event_id)')
        return new ConditionalCheckFailedException({ message: 'no', $metadata: {}, Item: there });
      rows.push(Item);
      // Of a status row one unit is its index's, which a change writes twice.
      return { ConsumedCapacity: { CapacityUnits: TableName.includes('-statuses-') && rows.length === 1 ? 2 : 3 } };
    },
    BatchWriteItem({ RequestItems }) {
      for (const [table, puts] of Object.entries<{ PutRequest: { Item: Row } }[]>(RequestItems))
        rowsOf(table).push(...puts.map(({ PutRequest }) => PutRequest.Item));
      return {};
    },
    GetItem: ({ TableName, Key }) => ({ Item: sorted(rowsOf(TableName).filter((row) => has(row, Key))).at(-1) }),
    Query: ({ TableName, ExpressionAttributeValues }) => {
      const id = ExpressionAttributeValues[':id'].S;
      return { Items: sorted(rowsOf(TableName).filter((row) => Object.values(row).some(({ S }) => S === id))) };
    },
    DeleteItem({ TableName, Key }) {
      kept.set(
        TableName,
        rowsOf(TableName).filter((row) => !has(row, Key)),
      );
      return {};
    },
    PutEvents({ Entries: [{ Source, Detail }] }) {
      if (Source === 'logistics.status') return awsError('AccessDeniedException');
      const { shipment_id, event_id = '' } = JSON.parse(Detail);
      const { id } = eventOf(shipment_id.replace(`${SHIPMENT}-`, ''));
      const error_type = shipment_id.endsWith('transient') ? 'transient' : 'rejected';
      rowsOf('logistics-shipments-dev').push(toAttributes({ shipment_id, event_id }));
      rowsOf('logistics-shipment-events-dev').push(toAttributes({ event_id: id, timestamp: 1, shipment_id }));
      rowsOf('logistics-error-events-dev').push(
        toAttributes({ error_id: `${UPDATER}/${id}`, timestamp: 1, ...errorRow({ error_type }) }),
      );
      return { FailedEntryCount: 0, Entries: [{ EventId: id }] };
    },
  };
}

/** Hands out messages once: those of the run's own inbox, and those of the dead-letter queues. */
export function received(inbox: readonly object[], dead: readonly object[] = []) {
  const waiting = { inbox: [...inbox], dead: [...dead] };
  return ({ QueueUrl }: { QueueUrl: string }) => {
    const Messages = waiting[QueueUrl.includes('conformance') ? 'inbox' : 'dead'].splice(0).map((message) => ({
      MessageId: 'm',
      ReceiptHandle: 'r',
      Attributes: { SentTimestamp: '0', ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: '9999999' },
      MessageAttributes: { ERROR_CODE: { StringValue: 'NO_PERMISSIONS' } },
      Body: JSON.stringify(message),
    }));
    return { Messages };
  };
}

export const replayed = (event: object) => ({ ...event, 'replay-name': 'r' });

const CHANGES = ['in_transit', 'out_for_delivery', 'failed', 'available_for_pickup', 'in_transit'];

/** The published changes of one shipment, the last one first. */
export const changes = (before?: string) =>
  CHANGES.map((status, at) => ({
    'detail-type': 'Shipment Status Changed',
    detail: {
      shipment_id: `${SHIPMENT}-changes`,
      status,
      version: String(at),
      previous_status: at === 0 ? before : CHANGES[at - 1],
    },
  })).reverse();

/** What Lambda's third failure of an event leads to. */
const announced = (shipment: string, error_type: string) => {
  const error_id = `${UPDATER}/${eventOf(shipment).id}`;
  return [
    { 'detail-type': 'Event Failed', detail: { error_id, error_type } },
    { TopicArn: 'arn:processing', Message: error_id },
  ];
};

const exhausted = (shipment: string) => ({
  requestContext: { condition: 'RetriesExhausted' },
  requestPayload: eventOf(shipment),
  responsePayload: {},
});

/** Lambda's record of a stream's batch that it gave up. */
export const givenUp = (batchSize: number) => ({
  requestContext: { functionArn: `arn:aws:lambda:us-east-1:1:function:logistics-conformance-${RUN}-stream-dev` },
  DDBStreamBatchInfo: { batchSize },
});

const INBOX = [
  ...announced('rejected', 'rejected'),
  ...announced('transient', 'retries_exhausted'),
  ...announced('poison', 'rejected'),
  ...changes(),
  replayed(eventOf('replayed')),
  { Message: `{"AlarmName":"logistics-conformance-${RUN}-dev"}` },
];

export const DEAD = [...['rejected', 'transient', 'poison'].map(exhausted), eventOf('undeliverable-1'), givenUp(3)];

export const aliasTo = (queue: string) => ({
  MaximumRetryAttempts: 2,
  DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:us-east-1:111122223333:${queue}` } },
});

const permission = {
  Sid: 's',
  Action: 'lambda:InvokeFunction',
  Principal: { Service: 'events.amazonaws.com' },
  Condition: { ArnLike: { 'AWS:SourceArn': 'arn:rule' } },
};

export const policy = (statement: object) => ({ Policy: JSON.stringify({ Statement: [statement] }) });

const METRIC = { Namespace: 'AWS/X', MetricName: 'M', Dimensions: [{ Name: 'QueueName', Value: 'q' }] };

export const alarmIn = (StateValue: string) => ({
  MetricAlarms: [{ StateValue, Metrics: [{ MetricStat: { Metric: METRIC } }] }],
});

export const dimensions = (...names: readonly string[]) => ({
  Metrics: [{ Dimensions: names.map((Name) => ({ Name })) }],
});

const RECOVERY = {
  PointInTimeRecoveryStatus: 'ENABLED',
  EarliestRestorableDateTime: new Date(0),
  LatestRestorableDateTime: new Date('2100-01-01'),
};

/** The rows of a restored table. */
export const restored = (...versions: readonly string[]) => ({
  Items: versions.map((version) => toAttributes({ shipment_id: 'RESTORE', version })),
});

export const resource = (ResourceType: string, PhysicalResourceId: string, ResourceStatus = 'UPDATE_COMPLETE') => ({
  ResourceType,
  PhysicalResourceId,
  ResourceStatus,
});

export const report = (ms: number) => ({
  LogResult: Buffer.from(`REPORT RequestId: r\tDuration: ${ms} ms\tBilled Duration: 1 ms\t`).toString('base64'),
});

export const decision = (is: string) => [`<EvalDecision>${is}</EvalDecision>`];

const url = ({ QueueName }: { QueueName: string }) => ({ QueueUrl: `https://sqs/${QueueName}` });

/** Made anew for each trial: some answers are given once. */
export const holding = (): Answers => ({
  ...tables(),
  CreateQueue: url,
  GetQueueUrl: url,
  ReceiveMessage: received(INBOX, DEAD),
  DescribeEventBus: policy({ Sid: 'D', Effect: 'Deny' }),
  TestEventPattern: { Result: false },
  DescribeArchive: { State: 'ENABLED', ArchiveArn: 'arn:archive', EventSourceArn: 'arn:bus' },
  DeleteEventBus: inTurn(awsError('ValidationException', 'it has rules'), {}),
  DescribeReplay: { State: 'COMPLETED' },
  GetPolicy: policy(permission),
  GetMetricStatistics: { Datapoints: [{ Sum: 1 }] },
  GetFunctionEventInvokeConfig: ({ Qualifier }: { Qualifier?: string }) =>
    Qualifier ? aliasTo('logistics-status-updater-dlq-dev') : awsError('ResourceNotFoundException'),
  GetFunction: { Configuration: { State: 'Active' } },
  ListEventSourceMappings: { EventSourceMappings: [{ UUID: 'u' }] },
  fetch: ({ method }: { method: string }) => ({ status: method === 'GET' ? 405 : 401 }),
  Publish: ({ Subject }: { Subject: string }) => (Subject.length < 100 ? {} : awsError('InvalidParameterException')),
  DescribeAlarms: inTurn(...['INSUFFICIENT_DATA', 'ALARM', 'OK'].map(alarmIn)),
  ListMetrics: dimensions('QueueName'),
  DescribeTable: { Table: { TableStatus: 'ACTIVE', SSEDescription: { KMSMasterKeyArn: 'arn:key' } } },
  DescribeContinuousBackups: { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: RECOVERY } },
  DescribeTimeToLive: { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED' } },
  DescribeKey: { KeyMetadata: { Arn: 'arn:key' } },
  Scan: restored('before'),
  ListStackResources: {
    StackResourceSummaries: [resource('AWS::IAM::Role', 'r'.repeat(64)), resource('AWS::Lambda::Alias', 'live')],
  },
  DescribeStacks: { Stacks: [{ Outputs: [{ OutputKey: 'DeployRoleArn', OutputValue: 'arn:aws:iam::1:role/r' }] }] },
  // Eight calls of a deployment, and nine that it must not make.
  SimulatePrincipalPolicy: inTurn(...Array(8).fill(decision('allowed')), decision('implicitDeny')),
  Invoke: report(20),
});
