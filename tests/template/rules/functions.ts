/** Rules on where a function logs, where its failures go, and how a change reaches the alias. */
import {
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  FUNCTION_KEYS,
  SCHEDULED_FUNCTION_KEYS,
  SCHEDULED_FUNCTIONS,
} from '../../../contracts/functions';
import { MAX_EVENT_AGE_SECONDS } from '../../../template-src/defaults';
import { arnOf, ref } from '../../../template-src/intrinsics';
import { functionIds } from '../../../template-src/logical-ids';
import { have, mustBe, ofEach, type RenderedTemplate, type Rules } from './rule';

/** Properties of a function that are not part of its versions. */
const UNVERSIONED = new Set([
  'FunctionName',
  'ReservedConcurrentExecutions',
  'EventInvokeConfig',
  'DeploymentPreference',
  'VersionDescription',
  'Tags',
]);

/** Parameters that a value depends on, by `Ref`, `Sub` or a condition. */
function parametersIn(value: unknown, template: RenderedTemplate): Set<string> {
  const found = new Set<string>();
  // Visits every member of the value.
  JSON.stringify({ value }, (key, member) => {
    if (key === 'Ref') found.add(member);
    if (key === 'Fn::Sub') for (const [, name = ''] of member.matchAll(/\$\{(\w+)\}/g)) found.add(name);
    if (key === 'Fn::If') for (const name of parametersIn(template.Conditions[member[0]], template)) found.add(name);
    return member;
  });
  return new Set([...found].filter((name) => name in template.Parameters));
}

export const ROLLBACK_ALARMS = ['ShipmentProcessorErrorsAlarm', 'DurationAlarm'];

export const functionRules: Rules = {
  'each function has a role and a log group of its own, with retention': have(
    ofEach(FUNCTION_KEYS, (ids) => ({
      [ids.function]: { Role: arnOf(ids.role), LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(ids.logGroup) } },
      [ids.logGroup]: { RetentionInDays: ref('LogRetentionDays') },
    })),
  ),

  'a failed event is retried and then sent to the dead-letter queue': have(
    ofEach([...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS], (ids, key) => ({
      [ids.function]: {
        EventInvokeConfig: {
          MaximumRetryAttempts: { ...EVENT_FUNCTIONS, ...SCHEDULED_FUNCTIONS }[key].maximumRetryAttempts,
          MaximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
          DestinationConfig: { OnFailure: { Type: 'SQS', Destination: arnOf(ids.queue) } },
        },
      },
    })),
  ),

  // SAM compares references, not values. A changed description publishes a version with the new values.
  'a version’s description contains each parameter that the version depends on': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const { function: id } = functionIds(key);
      const properties = Object.entries(template.Resources[id]?.Properties ?? {});
      const used = parametersIn(Object.fromEntries(properties.filter(([name]) => !UNVERSIONED.has(name))), template);
      // A function in another environment is another function.
      used.delete('EnvironmentSuffix');
      const described = parametersIn(template.Resources[id]?.Properties?.['VersionDescription'], template);
      return mustBe(`the parameters in a version of ${id}`, described, used);
    }),
};
