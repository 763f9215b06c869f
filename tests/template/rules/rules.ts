import { alarmRules } from './alarms';
import { conditionRules } from './conditions';
import { dataRules } from './data';
import { permissionRules } from './permissions';
import { routeRules } from './routes';
import type { Rules } from './rule';

/** Everything that must be true of the template. */
export const RULES: Rules = {
  ...permissionRules,
  ...routeRules,
  ...dataRules,
  ...alarmRules,
  ...conditionRules,
};
