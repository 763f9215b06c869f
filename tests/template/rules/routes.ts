/** Rules on where events go, failed and unmatched events included. */
import { GetAtt, If } from 'cloudform-types/types/functions';
import {
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  QUEUED_FUNCTION_KEYS,
  SCHEDULED_FUNCTION_KEYS,
  SCHEDULED_FUNCTIONS,
  STREAM_FUNCTIONS,
} from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { ARCHIVE_DAYS, QUEUE_RETENTION_DAYS } from '../../../contracts/retention';
import { patternOf, patternOfUnrouted } from '../../../template-src/bus/patterns';
import { FUNCTION_FIGURES, MAX_EVENT_AGE_SECONDS, STREAM_FIGURES } from '../../../template-src/defaults';
import { aliasOf, arnOf, ref } from '../../../template-src/intrinsics';
import { functionIds } from '../../../template-src/logical-ids';
import { policyDocument, tlsOnly } from '../../../template-src/policy';
import { all, exactly, have, mustBe, ofEach, type Rules } from './rule';

/** Expected properties of an encrypted queue and of its policy, which lets one rule send. */
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
  'each rule matches exactly its contracts, and the schedule runs hourly while StalledAfterDays is set': have({
    ...ofEach(EVENT_FUNCTION_KEYS, (ids, key) => ({
      [ids.rule]: {
        EventBusName: ref('EventBus'),
        EventPattern: patternOf(CONTRACTS[key]),
        // Enabled by default.
        State: undefined,
      },
    })),
    StalledShipmentsRule: {
      // The default bus: no other accepts a schedule.
      EventBusName: undefined,
      EventPattern: undefined,
      ScheduleExpression: 'rate(1 hour)',
      State: If('ReportsStalledShipments', 'ENABLED', 'DISABLED'),
    },
  }),

  'each rule invokes its function’s alias, and sends undeliverable events to the dead-letter queue': have(
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

  'a failed event is retried and then sent to the dead-letter queue': have(
    ofEach([...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS], (ids, key) => ({
      [ids.function]: {
        EventInvokeConfig: {
          MaximumRetryAttempts: { ...EVENT_FUNCTIONS, ...SCHEDULED_FUNCTIONS }[key].maximumRetryAttempts,
          MaximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
          DestinationConfig: { OnFailure: { Type: 'SQS', Destination: arnOf(ids.queue) } },
        },
      },
    })),
  ),

  'events that match no contract go to the unrouted queue, by a rule that is updated after the others': all(
    have({
      UnroutedRule: {
        EventBusName: ref('EventBus'),
        EventPattern: patternOfUnrouted(Object.values(CONTRACTS).flat(), 'logistics.status'),
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

  'each queue is encrypted, keeps messages for the retention period, and accepts them over TLS from its rule only': all(
    have({
      ...ofEach(QUEUED_FUNCTION_KEYS, ({ queue: id, rule }, key) =>
        queue(id, key in STREAM_FUNCTIONS ? undefined : rule),
      ),
      ...queue('UnroutedQueue', 'UnroutedRule'),
    }),
    exactly(QUEUED_FUNCTION_KEYS.length + 1, 'AWS::SQS::Queue'),
  ),

  'incoming events are archived, and status events are not': have({
    Archive: {
      SourceArn: arnOf('EventBus'),
      RetentionDays: ARCHIVE_DAYS,
      EventPattern: { source: [{ 'anything-but': ['logistics.status'] }] },
    },
  }),

  // Without partial responses a whole batch would be retried; without a maximum age and a queue, records would expire unnoticed.
  'changes of the shipments table reach the status publisher’s alias from the first on, and are retried until a maximum age':
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
