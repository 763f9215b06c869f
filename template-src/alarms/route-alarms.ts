import { GetAtt } from 'cloudform-types/types/functions';
import { BUS_ID } from '../bus-id';
import { ref, sub } from '../intrinsics';
import type { Resources } from '../resources';
import { alarm } from './alarm';

/** What may go wrong between the bus and a rule's target. */
export function ruleAlarms(ruleName: string, ruleId: string): Resources {
  const on = {
    namespace: 'AWS/Events',
    statistic: 'Sum' as const,
    dimensions: { EventBusName: ref(BUS_ID), RuleName: sub(`${ruleName}-\${EnvironmentSuffix}`) },
    threshold: 0,
    command: `aws events list-targets-by-rule --event-bus-name \${${BUS_ID}} --rule ${ruleName}-\${EnvironmentSuffix}`,
  };
  return {
    [`${ruleId}FailedInvocationsAlarm`]: alarm({
      ...on,
      name: `${ruleName}-failed-invocations`,
      meaning: 'EventBridge could not hand events of this rule to its target.',
      metric: 'FailedInvocations',
    }),
    [`${ruleId}LostEventsAlarm`]: alarm({
      ...on,
      name: `${ruleName}-failed-to-dlq`,
      meaning:
        'EventBridge could not put undeliverable events of this rule into the failure queue: they are in the archive only.',
      metric: 'InvocationsFailedToBeSentToDlq',
    }),
  };
}

/** Goes off at each arrival: the messages sent count, not the depth, so that one waiting message does not hide the next. */
export function queueAlarm(queueName: string, queueId: string): Resources {
  return {
    [`${queueId}ArrivalsAlarm`]: alarm({
      name: `${queueName}-arrivals`,
      meaning: 'Events arrived in this queue and wait there for an operator, for 14 days.',
      command: `aws sqs receive-message --queue-url \${${queueId}} --max-number-of-messages 10 --visibility-timeout 0`,
      namespace: 'AWS/SQS',
      metric: 'NumberOfMessagesSent',
      statistic: 'Sum',
      dimensions: { QueueName: GetAtt(queueId, 'QueueName') },
      threshold: 0,
    }),
  };
}
