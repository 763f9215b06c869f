import { GetAtt } from 'cloudform-types/types/functions';
import { ALARM_NAMES, type AlarmName } from '../../contracts/alarms';
import { CARRIER_NAMES } from '../../contracts/carriers';
import {
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  FUNCTION_KEYS,
  type FunctionKey,
  isScheduledFunction,
  isUrlFunction,
  QUEUED_FUNCTION_KEYS,
  SCHEDULED_FUNCTION_KEYS,
  SCHEDULED_FUNCTIONS,
  STREAM_FUNCTION_KEYS,
  URL_FUNCTIONS,
} from '../../contracts/functions';
import { METRIC_NAMESPACE, METRICS, metricDimensions } from '../../contracts/metrics';
import { NAMES } from '../../contracts/names';
import { OPERATOR_COMMAND } from '../../contracts/operator-command';
import { ARCHIVE_DAYS, QUEUE_RETENTION_DAYS } from '../../contracts/retention';
import { TABLES } from '../../contracts/tables';
import { UNROUTED_QUEUE_ID } from '../bus/bus';
import { complete } from '../complete';
import { FUNCTION_FIGURES, STREAM_FIGURES, THRESHOLDS } from '../defaults';
import { named, ref } from '../intrinsics';
import { BUS_ID, functionIds } from '../logical-ids';
import type { Resources } from '../resources';
import { TABLE_IDS, type TableKey } from '../storage/tables';
import { type AlarmDefinition, alarm, type Series } from './alarm';

/** An operator's command for this stack, as typed in a checkout. */
const onStack = (command: string, options = '') =>
  [OPERATOR_COMMAND, command, '--env ${EnvironmentSuffix}', options].filter(Boolean).join(' ');

const REPLAY = onStack('replay', '--from {time} --to {time}');

/** The condition of a function that a parameter turns on: each metric of an alarm costs something. */
function conditionOf(key: FunctionKey): Pick<Series, 'condition'> {
  if (isScheduledFunction(key)) return { condition: SCHEDULED_FUNCTIONS[key].condition };
  return isUrlFunction(key) ? { condition: URL_FUNCTIONS[key].condition } : {};
}

const ofFunction = (key: FunctionKey) => ({
  dimensions: { FunctionName: ref(functionIds(key).function) },
  ...conditionOf(key),
});

/** For a rule on the default bus EventBridge publishes the dimension RuleName alone. */
const perRule = [
  ...[...EVENT_FUNCTION_KEYS.map((key) => EVENT_FUNCTIONS[key].rule), NAMES.unroutedRule].map((rule) => ({
    dimensions: { EventBusName: ref(BUS_ID), RuleName: named(rule) },
  })),
  ...SCHEDULED_FUNCTION_KEYS.map((key) => ({
    dimensions: { RuleName: named(SCHEDULED_FUNCTIONS[key].rule) },
    ...conditionOf(key),
  })),
];

const ofQueue = (id: string) => ({ dimensions: { QueueName: GetAtt(id, 'QueueName') } });

/** A throttled index throttles its table's writes, but is counted under the index's own dimension only. */
const perTableAndIndex = (Object.keys(TABLE_IDS) as TableKey[]).flatMap((key) =>
  [undefined, ...Object.keys(TABLES[key].indexes)].map((index) => ({
    dimensions: { TableName: ref(TABLE_IDS[key]), ...(index && { GlobalSecondaryIndexName: index }) },
  })),
);

const lambda = {
  namespace: 'AWS/Lambda',
  statistic: 'Sum',
  series: FUNCTION_KEYS.map(ofFunction),
  threshold: 0,
} as const;

/** Counts sent messages, not visible ones: a waiting message does not hide the next. */
const arrivals = { namespace: 'AWS/SQS', metric: 'NumberOfMessagesSent', statistic: 'Sum', threshold: 0 } as const;

const rule = { namespace: 'AWS/Events', statistic: 'Sum', series: perRule, threshold: 0 } as const;

/**
 * Alarms keep their logical ids, even one that misleads (`ShipmentProcessorErrorsAlarm` watches every function): under a new id CloudFormation
 * would create a second alarm of the same name, which CloudWatch refuses.
 */
const definitions: Readonly<Record<AlarmName, AlarmDefinition>> = {
  'logistics-high-errors': {
    ...lambda,
    id: 'ShipmentProcessorErrorsAlarm',
    title: 'A function fails',
    meaning: 'Functions fail on more events than a few invalid ones explain.',
    look: 'what the errors have in common. Rejected or conflict: the producer must fix its events. Transient: AWS or this stack (the saved query "what failed" has the stack traces).',
    command: onStack('errors', '--since 1h'),
    metric: 'Errors',
    threshold: THRESHOLDS.errors,
    periods: 2,
  },
  'logistics-dlq-arrivals': {
    ...arrivals,
    id: 'DeadLetterArrivalsAlarm',
    title: 'An event is in a dead-letter queue',
    meaning: `All retries of an event failed, or the event never reached its function. It waits ${QUEUE_RETENTION_DAYS} days for an operator.`,
    look: 'the queue, and the reason of each event in a dry run of redrive. Transient: redrive it; the others stay in the queue. Rejected or conflict: the producer fixes and resends it; then discard this one.',
    command: onStack('queues'),
    series: QUEUED_FUNCTION_KEYS.map((key) => ({ ...ofQueue(functionIds(key).queue), ...conditionOf(key) })),
  },
  'logistics-unrouted-arrivals': {
    ...arrivals,
    id: 'UnroutedQueueArrivalsAlarm',
    title: 'An event matches no contract',
    meaning: `Events matched no rule: a mistyped source or detail-type, or a contract that is not deployed. They wait ${QUEUE_RETENTION_DAYS} days in the unrouted queue.`,
    look: 'their source and detail-type. Their producer fixes and resends them.',
    command: onStack('queues unrouted'),
    series: [ofQueue(UNROUTED_QUEUE_ID)],
  },
  'logistics-event-age': {
    ...lambda,
    id: 'EventAgeAlarm',
    title: 'Events wait for a function',
    meaning: `Events wait more than ${THRESHOLDS.asyncEventAge / 60_000} minutes for a function. Nothing is lost within six hours.`,
    look: 'doctor and the dashboard: is the function throttled, failing, or unable to start without its key, or is the load higher than before?',
    command: onStack('doctor'),
    metric: 'AsyncEventAge',
    statistic: 'Maximum',
    series: [...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS].map(ofFunction),
    threshold: THRESHOLDS.asyncEventAge,
  },
  'logistics-stream-age': {
    ...lambda,
    id: 'StreamAgeAlarm',
    title: 'Status changes wait to be published',
    meaning: `Status changes wait more than ${THRESHOLDS.iteratorAge / 60_000} minutes for the status publisher. Statuses are right, but other systems receive them late, and after ${STREAM_FIGURES.maxAgeSeconds / 3_600} hours not at all.`,
    look: 'doctor (is the mapping enabled?) and the saved query "what failed" (why does the publisher fail?). Publishing resumes by itself. Changes in its dead-letter queue were not published: republish.',
    command: onStack('doctor'),
    metric: 'IteratorAge',
    statistic: 'Maximum',
    series: STREAM_FUNCTION_KEYS.map(ofFunction),
    threshold: THRESHOLDS.iteratorAge,
  },
  'logistics-webhooks-refused': {
    id: 'WebhooksRefusedAlarm',
    title: "A carrier's webhook is refused",
    meaning:
      'A carrier platform called with a wrong signature or an unreadable body. It retries for hours or days; after that its events are lost.',
    look: 'the reasons in the saved query "carriers\' webhooks". Wrong signature: the secret was changed at the platform only, or the calls are forged. Unreadable: the platform changed its format (docs/carriers.md).',
    command: onStack('doctor'),
    namespace: METRIC_NAMESPACE,
    metric: METRICS.webhooksRefused,
    statistic: 'Sum',
    series: CARRIER_NAMES.map((platform) => ({
      dimensions: metricDimensions(ref('EnvironmentSuffix'), 'carrier-webhook', platform),
    })),
    threshold: 0,
  },
  'logistics-failed-invocations': {
    ...rule,
    id: 'FailedInvocationsAlarm',
    title: 'A rule cannot reach its target',
    meaning:
      "EventBridge could not deliver events to a rule's target. Those for a function are in its dead-letter queue; those of the unrouted rule are only in the archive.",
    look: 'whether the target exists and allows the rule: a change by hand, or a deployment that ended half-way, may be the cause. With BusLogs the log of the bus has the reason (runbook).',
    command: onStack('doctor'),
    metric: 'FailedInvocations',
  },
  'logistics-failed-to-dlq': {
    ...rule,
    id: 'FailedToDlqAlarm',
    title: 'An undeliverable event did not reach its dead-letter queue',
    meaning: `EventBridge could not put undeliverable events into the dead-letter queue. They are only in the archive, for ${ARCHIVE_DAYS} days.`,
    look: "whether the queue exists and its policy allows the rule's ARN. Fix that, then replay the time around the alarm.",
    command: REPLAY,
    metric: 'InvocationsFailedToBeSentToDlq',
  },
  'logistics-destination-failures': {
    ...lambda,
    id: 'DestinationFailuresAlarm',
    title: 'A failed event did not reach its dead-letter queue',
    meaning: `Lambda could not put a failed event into the dead-letter queue. It is only in the archive, for ${ARCHIVE_DAYS} days.`,
    look: "whether the queue exists and the function's role may send to it. Fix that, then replay the time around the alarm.",
    command: REPLAY,
    metric: 'DestinationDeliveryFailures',
    series: QUEUED_FUNCTION_KEYS.map(ofFunction),
  },
  'logistics-dynamodb-throttles': {
    id: `${TABLE_IDS.shipmentEvents}ThrottlesAlarm`,
    title: 'DynamoDB throttles writes',
    meaning:
      'DynamoDB throttles writes to a table or index. Events are retried: they are late, not lost. A throttled index throttles its table.',
    look: 'doctor names the table or index. One partition allows 1,000 write units a second; in a status index each status is one partition. Otherwise the table is not used to such traffic yet.',
    command: onStack('doctor'),
    namespace: 'AWS/DynamoDB',
    metric: 'WriteThrottleEvents',
    statistic: 'Sum',
    series: perTableAndIndex,
    threshold: THRESHOLDS.writeThrottles,
  },
  'logistics-throttles': {
    ...lambda,
    id: 'ThrottlesAlarm',
    title: 'A function is throttled',
    meaning:
      'A function has no free concurrency. Its events wait, and reach the dead-letter queue after six hours; a carrier calls again.',
    look: "its reserved concurrency (the parameters ShipmentProcessorConcurrency, CarrierWebhookConcurrency) and the account's, which all functions of the region share.",
    command: onStack('doctor'),
    metric: 'Throttles',
    quiet: true,
  },
  'logistics-duration': {
    ...lambda,
    id: 'DurationAlarm',
    title: 'A function comes near its timeout',
    meaning: `An invocation took more than ${THRESHOLDS.durationShare * 100} % of its function's timeout.`,
    look: 'the dashboard and the saved query "slowest events": is DynamoDB or SNS slow (then every function is), or only this function (too little CPU: raise its memory)?',
    command: onStack('doctor'),
    metric: 'Duration',
    statistic: 'Maximum',
    series: FUNCTION_KEYS.map((key) => ({ ...ofFunction(key), divisor: FUNCTION_FIGURES[key].timeout * 1_000 })),
    threshold: THRESHOLDS.durationShare,
    quiet: true,
  },
};

export const alarmDefinitions = complete(
  'template-src/monitoring/alarms.ts has no definition of',
  ALARM_NAMES,
  definitions,
);

export const alarms: Resources = Object.fromEntries(
  ALARM_NAMES.map((name) => [alarmDefinitions[name].id, alarm(name, alarmDefinitions[name])]),
);
