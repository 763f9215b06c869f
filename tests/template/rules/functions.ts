/** Where a function logs, where its failures go, and how a changed one comes to be the one that events meet. */
import {
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  FUNCTION_KEYS,
  SCHEDULED_FUNCTION_KEYS,
  SCHEDULED_FUNCTIONS,
} from '../../../contracts/functions';
import { MAX_EVENT_AGE_SECONDS } from '../../../template-src/defaults';
import { arnOf, onlyIf, ref } from '../../../template-src/intrinsics';
import { functionIds } from '../../../template-src/logical-ids';
import { have, mustBe, ofEach, type RenderedTemplate, type Rules } from './rule';

/** Properties that are of the function and of no version of it. */
const OF_NO_VERSION = new Set([
  'FunctionName',
  'ReservedConcurrentExecutions',
  'EventInvokeConfig',
  'DeploymentPreference',
  'VersionDescription',
  'Tags',
]);

/** A function of another environment is another function. */
const NAMES_THE_FUNCTION = 'EnvironmentSuffix';

/** The parameters that a value depends on, by reference, in a text, or through a condition. */
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

/** Of all functions. */
export const ROLLBACK_ALARMS = ['ShipmentProcessorErrorsAlarm', 'DurationAlarm'];

export const functionRules: Rules = {
  'each function has its own role, and logs into a group of its own, which forgets': have(
    ofEach(FUNCTION_KEYS, (ids) => ({
      [ids.function]: { Role: arnOf(ids.role), LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(ids.logGroup) } },
      [ids.logGroup]: { RetentionInDays: ref('LogRetentionDays') },
    })),
  ),

  'a failed event is retried, and then waits in the dead-letter queue': have(
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

  // By default SAM looks at the code, the variables and the memory only: another timeout would never reach the alias.
  'each function has the alias live, and any change of it publishes a version': have(
    ofEach(FUNCTION_KEYS, (ids) => ({
      [ids.function]: { AutoPublishAlias: 'live', AutoPublishAliasAllProperties: true },
    })),
  ),

  // SAM compares references, not their values: what a parameter changes would never reach the alias.
  'each parameter that a version has in it is in its description, a change of which publishes a version': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const { function: id } = functionIds(key);
      const properties = Object.entries(template.Resources[id]?.Properties ?? {});
      const used = parametersIn(Object.fromEntries(properties.filter(([name]) => !OF_NO_VERSION.has(name))), template);
      used.delete(NAMES_THE_FUNCTION);
      const described = parametersIn(template.Resources[id]?.Properties?.['VersionDescription'], template);
      return mustBe(`the parameters in a version of ${id}`, described, used);
    }),

  // The dead-letter queue's alarm is not among them: one bad event of one producer would undo a good deployment.
  'a deployment is gradual when the parameter says so, and taken back when the function fails or comes near its timeout':
    have(
      ofEach(FUNCTION_KEYS, (ids) => ({
        [ids.function]: {
          DeploymentPreference: {
            Enabled: ref('GradualDeployment'),
            Type: 'Canary10Percent15Minutes',
            Alarms: ROLLBACK_ALARMS.map(ref),
            Role: onlyIf('DeploysGradually', arnOf('GradualDeploymentRole')),
          },
          // CodeDeploy's application and groups are SAM's: they have no tags but these.
          PropagateTags: true,
        },
      })),
    ),
};
