import {
  deadLetterQueueName,
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  QUEUED_FUNCTION_KEYS,
} from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { NAMES } from '../../../contracts/names';
import { ARCHIVE_DAYS, QUEUE_RETENTION_DAYS } from '../../../contracts/retention';
import { patternOf, patternOfOthers } from '../../../template-src/bus/patterns';
import { FUNCTION_FIGURES, STREAM_FIGURES } from '../../../template-src/defaults';
import { functionIds } from '../../../template-src/logical-ids';
import { alias, attribute, mustBe, mustHave, named, propertiesOf, type Rules, ref, resourcesOf } from './rule';

const QUEUE_RETENTION_SECONDS = QUEUE_RETENTION_DAYS * 86_400;

/** Patterns as JSON: the definitions' own may hold what does not render. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const queues = [
  ...QUEUED_FUNCTION_KEYS.map((key) => [functionIds(key).queue, deadLetterQueueName(key)] as const),
  ['UnroutedQueue', NAMES.unroutedQueue] as const,
];

export const routeRules: Rules = {
  'each rule takes exactly its contracts from the bus': (template) =>
    EVENT_FUNCTION_KEYS.flatMap((key) =>
      mustHave(template, functionIds(key).rule, {
        Name: named(EVENT_FUNCTIONS[key].rule),
        EventBusName: ref('EventBus'),
        EventPattern: json(patternOf(CONTRACTS[key])),
        // A rule is enabled unless it says otherwise.
        State: undefined,
      }),
    ),

  'each rule hands over to its function’s alias, and what cannot be handed over to its dead-letter queue': (template) =>
    EVENT_FUNCTION_KEYS.flatMap((key) => {
      const ids = functionIds(key);
      const { retries, maxAgeSeconds } = FUNCTION_FIGURES[key].ruleRetry;
      return mustHave(template, ids.rule, {
        Targets: [
          {
            Id: 'function',
            Arn: alias(ids.function),
            RetryPolicy: { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: maxAgeSeconds },
            DeadLetterConfig: { Arn: attribute(ids.queue) },
          },
        ],
      });
    }),

  'a run that is due every hour goes to the report of stalled shipments while days are given, again while it may still be of use':
    (template) =>
      mustHave(template, 'StalledShipmentsRule', {
        Name: named('logistics-stalled-shipments'),
        // The default bus has no name here, and no other takes a schedule.
        EventBusName: undefined,
        EventPattern: undefined,
        ScheduleExpression: 'rate(1 hour)',
        State: { 'Fn::If': ['ReportsStalledShipments', 'ENABLED', 'DISABLED'] },
        Targets: [
          {
            Id: 'function',
            Arn: alias('StalledShipments'),
            RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3_600 },
            DeadLetterConfig: { Arn: attribute('StalledShipmentsFailureQueue') },
          },
        ],
      }),

  'what no contract takes is kept': (template) =>
    mustHave(template, 'UnroutedRule', {
      Name: named(NAMES.unroutedRule),
      EventBusName: ref('EventBus'),
      EventPattern: json(patternOfOthers(Object.values(CONTRACTS).flat(), 'logistics.status')),
      Targets: [{ Id: 'queue', Arn: attribute('UnroutedQueue') }],
      State: undefined,
    }),

  'what is kept as taken by no contract changes after the rules that take it': ({ Resources }) =>
    mustBe(
      'UnroutedRule.DependsOn',
      Resources['UnroutedRule']?.DependsOn,
      EVENT_FUNCTION_KEYS.map((key) => functionIds(key).rule),
    ),

  'each queue is encrypted, and keeps its messages for the days of retention': (template) => [
    ...queues.flatMap(([id, name]) =>
      mustHave(template, id, {
        QueueName: named(name),
        MessageRetentionPeriod: QUEUE_RETENTION_SECONDS,
        SqsManagedSseEnabled: true,
      }),
    ),
    ...mustBe('the number of queues', resourcesOf(template, 'AWS::SQS::Queue').length, queues.length),
  ],

  'what comes in is archived, and what leaves is not': (template) => [
    ...mustHave(template, 'EventBus', { Name: named(NAMES.bus) }),
    ...mustHave(template, 'Archive', {
      ArchiveName: named(NAMES.archive),
      SourceArn: attribute('EventBus'),
      RetentionDays: ARCHIVE_DAYS,
      EventPattern: { source: [{ 'anything-but': ['logistics.status'] }] },
    }),
  ],

  // Without the functions' answers a batch would be repeated as a whole; without an end and a queue, what the stream forgets is lost unseen.
  'the changes of the shipments table are handed to the publisher’s alias, from the first on, again until they are a day old':
    (template) => [
      ...mustHave(template, 'ShipmentsTable', { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
      ...mustBe('StatusPublisherStreamMapping', template.Resources['StatusPublisherStreamMapping'], {
        Type: 'AWS::Lambda::EventSourceMapping',
        Condition: 'PublishesStatusChanges',
        Properties: {
          FunctionName: alias('StatusPublisher'),
          EventSourceArn: attribute('ShipmentsTable', 'StreamArn'),
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: STREAM_FIGURES.batchSize,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          BisectBatchOnFunctionError: true,
          MaximumRecordAgeInSeconds: STREAM_FIGURES.maxAgeSeconds,
          DestinationConfig: { OnFailure: { Destination: attribute('StatusPublisherFailureQueue') } },
          Tags: propertiesOf(template, 'StatusPublisherStreamMapping')['Tags'],
        },
      }),
    ],
};
