/** How a changed function comes to be the one that events meet. */
import { FUNCTION_KEYS } from '../../../contracts/functions';
import { functionIds } from '../../../template-src/logical-ids';
import {
  attribute,
  mustBe,
  mustHave,
  onlyIf,
  propertiesOf,
  type RenderedTemplate,
  type Rules,
  ref,
  walk,
} from './rule';

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
function parametersIn(value: unknown, template: RenderedTemplate): string[] {
  const names = [...walk({ value })].flatMap(([key, member]) => {
    if (key === 'Ref') return [String(member)];
    if (key === 'Fn::Sub') return [...String(member).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
    if (key === 'Fn::If') return parametersIn(template.Conditions[String((member as unknown[])[0])], template);
    return [];
  });
  return [...new Set(names)].filter((name) => name in template.Parameters).sort();
}

/** Of all functions. */
export const ROLLBACK_ALARMS = ['ShipmentProcessorErrorsAlarm', 'DurationAlarm'];

export const deploymentRules: Rules = {
  // By default SAM looks at the code, the variables and the memory only: another timeout would never reach the alias.
  'each function has the alias live, and any change of it publishes a version': (template) =>
    FUNCTION_KEYS.flatMap((key) =>
      mustHave(template, functionIds(key).function, {
        AutoPublishAlias: 'live',
        AutoPublishAliasAllProperties: true,
      }),
    ),

  // SAM compares references, not their values: what a parameter changes would never reach the alias.
  'each parameter that a version has in it is in its description, a change of which publishes a version': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const { function: id } = functionIds(key);
      const { VersionDescription, ...properties } = propertiesOf(template, id);
      const versioned = Object.entries(properties).filter(([name]) => !OF_NO_VERSION.has(name));
      const used = parametersIn(Object.fromEntries(versioned), template).filter((name) => name !== NAMES_THE_FUNCTION);
      return mustBe(`the parameters in a version of ${id}`, parametersIn(VersionDescription, template), used);
    }),

  // The dead-letter queue's alarm is not among them: one bad event of one producer would undo a good deployment.
  'a deployment is gradual when the parameter says so, and taken back when the function fails or comes near its timeout':
    (template) =>
      FUNCTION_KEYS.flatMap((key) => {
        const { function: id } = functionIds(key);
        return mustHave(template, id, {
          DeploymentPreference: {
            Enabled: ref('GradualDeployment'),
            Type: 'Canary10Percent15Minutes',
            Alarms: ROLLBACK_ALARMS.map(ref),
            Role: onlyIf('DeploysGradually', attribute('GradualDeploymentRole')),
          },
          // CodeDeploy's application and groups are SAM's: they have no tags but these.
          PropagateTags: true,
        });
      }),
};
