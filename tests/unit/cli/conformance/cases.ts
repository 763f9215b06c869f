/** For each claim one changed answer of AWS by which it differs, and what is seen then. */
import {
  alarmIn,
  aliasTo,
  changes,
  DEAD,
  decision,
  dimensions,
  failed,
  givenUp,
  policy,
  received,
  replayed,
  report,
  resource,
  restored,
  tables,
} from './holding';
import { type Answers, awsError } from './stub';

const resources = (each: object) => ({ ListStackResources: { StackResourceSummaries: [each] } });

export const CASES: Readonly<Record<string, readonly [changed: Answers, seen: string]>> = {
  'conditional-put': [{ PutItem: {} }, '20 made, 0 answered with its row'],
  'version-order': [tables((a, b) => a.localeCompare(b, 'en')), 'sort keys not in the order of their bytes'],
  'item-limits': [{ PutItem: {} }, 'a number too large is stored'],
  'index-key-limit': [{ PutItem: {} }, 'it is stored'],
  'write-units': [{ PutItem: { ConsumedCapacity: { CapacityUnits: 3 } } }, '6 and 6, where 5 and 6 are counted'],
  'pattern-anything-but': [{ TestEventPattern: { Result: true } }, 'it matches'],
  'foreign-source': [{ PutEvents: { Entries: [{ EventId: 'e' }] } }, 'the bus took it'],
  'no-producer-grants': [{ DescribeEventBus: policy({ Sid: 'Grant', Effect: 'Allow' }) }, 'it has Grant'],
  'bus-with-archive': [{ DeleteEventBus: {} }, 'it is deleted'],
  'replay-keeps-id': [
    { ReceiveMessage: received([replayed({ id: 'other', detail: 'CONFORMANCE-test-replayed' })]) },
    'id-of-CONFORMANCE-test-replayed came again as other',
  ],
  'replay-filter': [{ DeleteItem: {} }, 'the status updater had it, too'],
  'rule-dead-letter': [{ ReceiveMessage: received([]) }, 'no event in the queue'],
  'bus-log': [{ GetMetricStatistics: { Datapoints: [] } }, '0 lines in ten minutes'],
  'rejected-event': [
    { ReceiveMessage: received([]) },
    'row: rejected, 3 attempts; bus: nothing; topic: nothing; dead-letter queue: nothing',
  ],
  'transient-failure': [
    { ReceiveMessage: received([], DEAD) },
    'row: transient, 3 attempts; bus: nothing; topic: nothing; dead-letter queue: the event',
  ],
  'poison-event': [
    { PutEvents: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] } },
    'the bus refused the event: MalformedDetail',
  ],
  'retry-keeps-id': [{ Query: failed({ attempts: 1 }) }, '1 attempts on the row of id-of-CONFORMANCE-test-rejected'],
  'retry-pauses': [{ Query: failed({ last: '10:00:03' }) }, '3 s from the first attempt to the third'],
  'alias-destination': [
    {
      GetFunctionEventInvokeConfig: ({ Qualifier }: { Qualifier?: string }) =>
        Qualifier ? aliasTo('another') : awsError('ResourceNotFoundException'),
    },
    'the alias has 2 retries and another, which got the event',
  ],
  'stream-changes': [
    { ReceiveMessage: received(changes('delivered')) },
    'delivered to in_transit, in_transit to out_for_delivery',
  ],
  'stream-partial-batch': [{ ReceiveMessage: received([], [givenUp(5)]) }, 'given up: 5 of 5 changes'],
  'public-address': [{ fetch: { status: 403 } }, 'GET was answered with 403, POST with 403'],
  'sns-subject': [{ Publish: {} }, '99 characters: taken; 100: taken'],
  'alarm-message': [{ ReceiveMessage: received([]) }, 'no message in three minutes'],
  'alarm-ends': [{ DescribeAlarms: alarmIn('ALARM') }, 'it went off and is still in ALARM'],
  'alarm-ends-not-breaching': [{ DescribeAlarms: alarmIn('ALARM') }, 'it went off and is still in ALARM'],
  'alarm-without-data': [{ DescribeAlarms: alarmIn('INSUFFICIENT_DATA') }, 'it is INSUFFICIENT_DATA'],
  'alarm-metrics': [
    { ListMetrics: dimensions('QueueName', 'Region') },
    'AWS/X M has QueueName and Region, not QueueName',
  ],
  'table-settings': [{ DescribeTimeToLive: {} }, 'logistics-shipment-events-dev: no TTL'],
  'own-key': [{ DescribeKey: { KeyMetadata: { Arn: 'arn:another' } } }, '0 of 3 tables have alias/logistics-data-dev'],
  'restore-second': [{ Scan: restored('before', 'after') }, ': before, after'],
  'generated-names': [resources(resource('AWS::IAM::Role', 'r'.repeat(65))), 'rrr'],
  'gradual-deployment': [
    resources(resource('AWS::Lambda::Alias', 'live', 'UPDATE_ROLLBACK_COMPLETE')),
    'the aliases are UPDATE_ROLLBACK_COMPLETE',
  ],
  'deploy-role': [
    { SimulatePrincipalPolicy: decision('allowed') },
    'iam:CreateUser on arn:aws:iam::111122223333:user/conformance: allowed',
  ],
  durations: [{ Invoke: report(200) }, '200 ms for a warm event'],
};
