import { alarmRules } from './alarms';
import { contentRules } from './contents';
import { dataRules } from './data';
import { dataKeyRules } from './data-key';
import { deploymentRules } from './deployments';
import { findingRules } from './findings';
import { functionRules } from './functions';
import { inputRules } from './inputs';
import { nameRules } from './names';
import { permissionRules } from './permissions';
import { routeRules } from './routes';
import type { Rules } from './rule';
import { topicRules } from './topics';

/** Everything that must be true of the template. */
export const RULES: Rules = {
  ...contentRules,
  ...functionRules,
  ...deploymentRules,
  ...permissionRules,
  ...routeRules,
  ...dataRules,
  ...dataKeyRules,
  ...topicRules,
  ...alarmRules,
  ...nameRules,
  ...inputRules,
  ...findingRules,
};
