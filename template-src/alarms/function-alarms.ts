import { type FunctionKey, functionName } from '../../contracts/functions';
import { FUNCTION_FIGURES, THRESHOLDS } from '../defaults';
import { functionIds, logGroupName } from '../function-ids';
import { ref } from '../intrinsics';
import type { AlarmDefinitions } from './alarm';
import { onStack } from './command';

/** The processor's error alarm has the name of the whole system's. */
const errorAlarmName = (key: FunctionKey) =>
  key === 'shipment-processor' ? 'logistics-high-errors' : `logistics-high-errors-${key}`;

/** What may go wrong in or in front of a function, from the metrics of AWS/Lambda. */
export function functionAlarms(key: FunctionKey): AlarmDefinitions {
  const ids = functionIds(key);
  const name = functionName(key);
  const on = { namespace: 'AWS/Lambda', dimensions: { FunctionName: ref(ids.function) }, threshold: 0 };

  return {
    [ids.errorsAlarm]: {
      ...on,
      kind: 'A function fails',
      name: errorAlarmName(key),
      meaning: 'The function fails on more events than a few bad ones would explain.',
      look: 'what the errors have in common: rejected or conflict is for their producers to mend, transient is AWS or us (the saved query "what failed" has the stacks).',
      command: onStack('errors', '--since 1h'),
      metric: 'Errors',
      statistic: 'Sum',
      threshold: THRESHOLDS.errors,
      periods: 2,
    },
    [`${ids.function}ThrottlesAlarm`]: {
      ...on,
      kind: 'A function is throttled',
      name: `${name}-throttles`,
      meaning: 'The function has no free concurrency: events wait, and are given up after six hours.',
      look: "its reserved concurrency (the parameter ShipmentProcessorConcurrency) and the account's, which every function of the region shares.",
      command: onStack('doctor'),
      metric: 'Throttles',
      statistic: 'Sum',
    },
    [`${ids.function}EventsDroppedAlarm`]: {
      ...on,
      kind: 'Lambda gave events up without running them',
      name: `${name}-events-dropped`,
      meaning:
        'Lambda gave events up without running the function: they waited for six hours. They are in its failure queue.',
      look: 'why they waited: the alarms on throttles and errors of the same hours. Mend that first, then redrive.',
      command: onStack(`redrive ${key}`, '--dry-run'),
      metric: 'AsyncEventsDropped',
      statistic: 'Sum',
    },
    [`${ids.function}EventAgeAlarm`]: {
      ...on,
      kind: 'Events wait for a function',
      name: `${name}-event-age`,
      meaning: 'Events wait more than ten minutes for the function; nothing is lost before six hours.',
      look: 'the dashboard: is it throttled, failing and retried, kept from starting because its key is gone, or is there simply more to do?',
      command: onStack('doctor'),
      metric: 'AsyncEventAge',
      statistic: 'Maximum',
      threshold: THRESHOLDS.asyncEventAge,
    },
    [`${ids.function}DestinationAlarm`]: {
      ...on,
      kind: 'A failed event did not reach its failure queue',
      name: `${name}-destination-failures`,
      meaning:
        'Lambda could not put a failed event into the failure queue: the event is in the archive only, for seven days.',
      look: "whether the queue is there and the function's role may send to it. Mend that, then replay the time around the alarm.",
      command: onStack('replay', '--from {time} --to {time}'),
      metric: 'DestinationDeliveryFailures',
      statistic: 'Sum',
    },
    [ids.durationAlarm]: {
      ...on,
      kind: 'A function comes near its timeout',
      name: `${name}-duration`,
      meaning: `An invocation took more than ${THRESHOLDS.durationShare * 100} % of the function's timeout.`,
      look: 'the dashboard and the saved query "slowest events": are DynamoDB or SNS slow (every function is), or this one alone (throttled CPU: give it memory)?',
      command: `aws logs tail ${logGroupName(key)} --since 30m`,
      metric: 'Duration',
      statistic: 'Maximum',
      threshold: FUNCTION_FIGURES[key].timeout * 1_000 * THRESHOLDS.durationShare,
    },
  };
}
