import { alarmRules } from './alarms';
import { busLogRules } from './bus-logs';
import { conditionRules } from './conditions';
import { dataRules } from './data';
import { dataKeyRules } from './data-key';
import { deploymentRules } from './deployments';
import { functionRules } from './functions';
import { permissionRules } from './permissions';
import { routeRules } from './routes';
import type { Rules } from './rule';
import { topicRules } from './topics';

/** Everything that must be true of the template. */
export const RULES: Rules = {
  ...functionRules,
  ...deploymentRules,
  ...permissionRules,
  ...routeRules,
  ...dataRules,
  ...dataKeyRules,
  ...topicRules,
  ...alarmRules,
  ...busLogRules,
  ...conditionRules,
};
