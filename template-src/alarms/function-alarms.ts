import { type FunctionKey, functionName } from '../../contracts/functions';
import { FUNCTION_FIGURES, THRESHOLDS } from '../defaults';
import { functionIds } from '../function-ids';
import { ref } from '../intrinsics';
import type { Resources } from '../resources';
import { alarm } from './alarm';

/** The processor's error alarm has the name of the whole system's. */
const errorAlarmName = (key: FunctionKey) =>
  key === 'shipment-processor' ? 'logistics-high-errors' : `logistics-high-errors-${key}`;

/** What may go wrong in or in front of a function, from the metrics of AWS/Lambda. */
export function functionAlarms(key: FunctionKey): Resources {
  const ids = functionIds(key);
  const name = functionName(key);
  const { timeout } = FUNCTION_FIGURES[key];
  const logs = `aws logs tail /aws/lambda/${name}-\${EnvironmentSuffix} --since 30m`;
  const configuration = `aws lambda get-function-configuration --function-name ${name}-\${EnvironmentSuffix}`;
  const on = { namespace: 'AWS/Lambda', dimensions: { FunctionName: ref(ids.function) }, threshold: 0 };

  return {
    [`${ids.function}ErrorsAlarm`]: alarm({
      ...on,
      name: errorAlarmName(key),
      meaning: `${name} fails on more events than a few bad ones would explain.`,
      command: logs,
      metric: 'Errors',
      statistic: 'Sum',
      threshold: THRESHOLDS.errors,
      periods: 2,
    }),
    [`${ids.function}ThrottlesAlarm`]: alarm({
      ...on,
      name: `${name}-throttles`,
      meaning: `${name} has no free concurrency: events wait, and are given up after six hours.`,
      command: 'aws lambda get-account-settings',
      metric: 'Throttles',
      statistic: 'Sum',
    }),
    [`${ids.function}EventsDroppedAlarm`]: alarm({
      ...on,
      name: `${name}-events-dropped`,
      meaning: `Lambda gave events for ${name} up without running it; they are in its failure queue.`,
      command: configuration,
      metric: 'AsyncEventsDropped',
      statistic: 'Sum',
    }),
    [`${ids.function}EventAgeAlarm`]: alarm({
      ...on,
      name: `${name}-event-age`,
      meaning: `Events wait more than ten minutes for ${name}.`,
      command: configuration,
      metric: 'AsyncEventAge',
      statistic: 'Maximum',
      threshold: THRESHOLDS.asyncEventAge,
    }),
    [`${ids.function}DestinationAlarm`]: alarm({
      ...on,
      name: `${name}-destination-failures`,
      meaning: `Lambda could not put a failed event of ${name} into its failure queue: the event is in the archive only.`,
      command: logs,
      metric: 'DestinationDeliveryFailures',
      statistic: 'Sum',
    }),
    [`${ids.function}DurationAlarm`]: alarm({
      ...on,
      name: `${name}-duration`,
      meaning: `An invocation of ${name} came near its timeout of ${timeout} s.`,
      command: logs,
      metric: 'Duration',
      statistic: 'Maximum',
      threshold: timeout * 1_000 * THRESHOLDS.durationShare,
    }),
  };
}
