import { FUNCTION_KEYS, FUNCTIONS, failureQueueName } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { UNROUTED_QUEUE_ID, UNROUTED_RULE_ID } from '../bus';
import { functionIds } from '../function-ids';
import type { Resources } from '../resources';
import { type AlarmDefinitions, alarm } from './alarm';
import { functionAlarms } from './function-alarms';
import { failureQueueAlarm, ruleAlarms, unroutedQueueAlarm } from './route-alarms';
import { tableAlarms } from './table-alarms';

const ofFunctions = FUNCTION_KEYS.map((key): AlarmDefinitions => {
  const ids = functionIds(key);
  return {
    ...functionAlarms(key),
    ...ruleAlarms(FUNCTIONS[key].rule, ids.rule),
    ...failureQueueAlarm(key, failureQueueName(key), ids.queue),
  };
});

/** Every alarm of the stack. */
export const alarmDefinitions: AlarmDefinitions = {
  ...Object.assign({}, ...ofFunctions),
  ...ruleAlarms(NAMES.unroutedRule, UNROUTED_RULE_ID),
  ...unroutedQueueAlarm(NAMES.unroutedQueue, UNROUTED_QUEUE_ID),
  ...tableAlarms,
};

export const alarms: Resources = Object.fromEntries(
  Object.entries(alarmDefinitions).map(([id, definition]) => [id, alarm(definition)]),
);
