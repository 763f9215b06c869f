import { GetAtt } from 'cloudform-types/types/functions';
import type { FunctionKey } from '../../contracts/functions';
import { BUS_ID } from '../bus-id';
import { ref, sub } from '../intrinsics';
import type { AlarmDefinition, AlarmDefinitions } from './alarm';
import { onStack } from './command';

/** What may go wrong between the bus and a rule's target. */
export function ruleAlarms(ruleName: string, ruleId: string): AlarmDefinitions {
  const on = {
    namespace: 'AWS/Events',
    statistic: 'Sum' as const,
    dimensions: { EventBusName: ref(BUS_ID), RuleName: sub(`${ruleName}-\${EnvironmentSuffix}`) },
    threshold: 0,
  };
  return {
    [`${ruleId}FailedInvocationsAlarm`]: {
      ...on,
      kind: 'A rule cannot reach its target',
      name: `${ruleName}-failed-invocations`,
      meaning:
        "EventBridge could not hand events of this rule to its target. A function's are in its failure queue; the unrouted rule's are in the archive only.",
      look: 'whether the target is there and lets the rule in: a change made by hand, or a deployment that ended half-way.',
      command: onStack('doctor'),
      metric: 'FailedInvocations',
    },
    [`${ruleId}LostEventsAlarm`]: {
      ...on,
      kind: 'An undeliverable event did not reach its failure queue',
      name: `${ruleName}-failed-to-dlq`,
      meaning:
        'EventBridge could not put undeliverable events of this rule into the failure queue: they are in the archive only, for seven days.',
      look: "whether the queue is there and its policy lets the rule's ARN send. Mend that, then replay the time around the alarm.",
      command: onStack('replay', '--from {time} --to {time}'),
      metric: 'InvocationsFailedToBeSentToDlq',
    },
  };
}

/** Goes off at each arrival: the messages sent count, not the depth, so that one waiting message does not hide the next. */
const arrivals = (queueName: string, queueId: string) =>
  ({
    name: `${queueName}-arrivals`,
    namespace: 'AWS/SQS',
    metric: 'NumberOfMessagesSent',
    statistic: 'Sum',
    dimensions: { QueueName: GetAtt(queueId, 'QueueName') },
    threshold: 0,
  }) satisfies Partial<AlarmDefinition>;

/** The alarm of a queue that something has come into. */
export const arrivalsAlarmId = (queueId: string) => `${queueId}ArrivalsAlarm`;

export const failureQueueAlarm = (key: FunctionKey, queueName: string, queueId: string): AlarmDefinitions => ({
  [arrivalsAlarmId(queueId)]: {
    ...arrivals(queueName, queueId),
    kind: 'An event is in a failure queue',
    meaning: 'The function gave events up, or they never reached it; they wait for an operator, for 14 days.',
    look: 'the dry run says why each failed. Transient: redrive, which leaves the others. Rejected or conflict: the producer sends it again, fixed; discard ours.',
    command: onStack(`redrive ${key}`, '--dry-run'),
  },
});

export const unroutedQueueAlarm = (queueName: string, queueId: string): AlarmDefinitions => ({
  [arrivalsAlarmId(queueId)]: {
    ...arrivals(queueName, queueId),
    kind: 'An event matches no contract',
    meaning:
      'Events came that no rule takes: a mistyped source or detail-type, or a contract we do not have. They wait for 14 days.',
    look: 'their source and detail-type, then who sends them: that producer sends them again, mended.',
    command: onStack('queues unrouted'),
  },
});
