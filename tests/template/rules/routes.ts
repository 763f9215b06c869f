/** Where events go, those that fail and those that nothing takes among them. */
import { GetAtt, If } from 'cloudform-types/types/functions';
import {
  EVENT_FUNCTION_KEYS,
  QUEUED_FUNCTION_KEYS,
  SCHEDULED_FUNCTION_KEYS,
  STREAM_FUNCTIONS,
} from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { ARCHIVE_DAYS, QUEUE_RETENTION_DAYS } from '../../../contracts/retention';
import { patternOf, patternOfOthers } from '../../../template-src/bus/patterns';
import { FUNCTION_FIGURES, STREAM_FIGURES } from '../../../template-src/defaults';
import { aliasOf, arnOf, ref } from '../../../template-src/intrinsics';
import { functionIds } from '../../../template-src/logical-ids';
import { policyDocument, tlsOnly } from '../../../template-src/policy';
import { all, have, mustBe, ofEach, only, type Rules } from './rule';

/** An encrypted queue, and what may send to it: what the template says of both. */
const queue = (id: string, rule?: string) => ({
  [id]: { MessageRetentionPeriod: QUEUE_RETENTION_DAYS * 86_400, SqsManagedSseEnabled: true },
  [`${id}Policy`]: {
    Queues: [ref(id)],
    PolicyDocument: policyDocument(
      ...(rule
        ? [
            {
              Effect: 'Allow' as const,
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: arnOf(id),
              Condition: { ArnEquals: { 'aws:SourceArn': arnOf(rule) } },
            },
          ]
        : []),
      tlsOnly('sqs:*', arnOf(id)),
    ),
  },
});

export const routeRules: Rules = {
  'each rule takes exactly its contracts from the bus, and one, while days are given, the end of each hour': have({
    ...ofEach(EVENT_FUNCTION_KEYS, (ids, key) => ({
      [ids.rule]: {
        EventBusName: ref('EventBus'),
        EventPattern: patternOf(CONTRACTS[key]),
        // A rule is enabled unless it says otherwise.
        State: undefined,
      },
    })),
    StalledShipmentsRule: {
      // The default bus has no name here, and no other takes a schedule.
      EventBusName: undefined,
      EventPattern: undefined,
      ScheduleExpression: 'rate(1 hour)',
      State: If('ReportsStalledShipments', 'ENABLED', 'DISABLED'),
    },
  }),

  'each rule invokes its function’s alias, and sends what cannot be delivered to its dead-letter queue': have(
    ofEach([...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS], (ids, key) => ({
      [ids.rule]: {
        Targets: [
          {
            Id: 'function',
            Arn: aliasOf(ids.function),
            RetryPolicy: {
              MaximumRetryAttempts: FUNCTION_FIGURES[key].ruleRetry.retries,
              MaximumEventAgeInSeconds: FUNCTION_FIGURES[key].ruleRetry.maxAgeSeconds,
            },
            DeadLetterConfig: { Arn: arnOf(ids.queue) },
          },
        ],
      },
    })),
  ),

  'what no contract takes is kept, by a rule that changes after those that take it': all(
    have({
      UnroutedRule: {
        EventBusName: ref('EventBus'),
        EventPattern: patternOfOthers(Object.values(CONTRACTS).flat(), 'logistics.status'),
        Targets: [{ Id: 'queue', Arn: arnOf('UnroutedQueue') }],
        State: undefined,
      },
    }),
    ({ Resources }) =>
      mustBe(
        'UnroutedRule.DependsOn',
        Resources['UnroutedRule']?.DependsOn,
        EVENT_FUNCTION_KEYS.map((key) => functionIds(key).rule),
      ),
  ),

  'each queue is encrypted, keeps its messages for the days of retention, and takes them from its rule, if it has one, and from no other, over TLS':
    all(
      have({
        ...ofEach(QUEUED_FUNCTION_KEYS, ({ queue: id, rule }, key) =>
          queue(id, key in STREAM_FUNCTIONS ? undefined : rule),
        ),
        ...queue('UnroutedQueue', 'UnroutedRule'),
      }),
      only(QUEUED_FUNCTION_KEYS.length + 1, 'AWS::SQS::Queue'),
    ),

  'what comes in is archived, and what leaves is not': have({
    Archive: {
      SourceArn: arnOf('EventBus'),
      RetentionDays: ARCHIVE_DAYS,
      EventPattern: { source: [{ 'anything-but': ['logistics.status'] }] },
    },
  }),

  // Without the functions' answers a batch would be repeated as a whole; without an end and a queue, what the stream forgets is lost unseen.
  'the changes of the shipments table are handed to the publisher’s alias, from the first on, again until they are a day old':
    all(
      have({ ShipmentsTable: { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } } }),
      have(
        {
          StatusPublisherStreamMapping: {
            FunctionName: aliasOf('StatusPublisher'),
            EventSourceArn: GetAtt('ShipmentsTable', 'StreamArn'),
            StartingPosition: 'TRIM_HORIZON',
            FilterCriteria: undefined,
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            BisectBatchOnFunctionError: true,
            MaximumRecordAgeInSeconds: STREAM_FIGURES.maxAgeSeconds,
            MaximumRetryAttempts: undefined,
            DestinationConfig: { OnFailure: { Destination: arnOf('StatusPublisherFailureQueue') } },
          },
        },
        'PublishesStatusChanges',
      ),
    ),
};
