/** Every name that we choose or that follows from one, with the longest environment suffix, against its service's limit. */
import { APPLICATION, ENVIRONMENT_SUFFIX, inEnvironment, NAMES } from '../../contracts/names';
import { ofType, resources } from '../support/rendered';

const LONGEST_SUFFIX = 'e'.repeat(20);

/** The limit of an archive's name (EventBridge, CreateArchive), the lowest of all. */
const LOWEST_LIMIT = 48;

/** Higher limits in characters, by the API reference of the call that creates the resource. */
const LIMITS: Readonly<Record<string, number>> = {
  'AWS::CloudWatch::Alarm': 255,
  'AWS::Events::Rule': 64,
  'AWS::Logs::LogGroup': 512,
  'AWS::Logs::QueryDefinition': 255,
  'AWS::SQS::Queue': 80,
  'AWS::Serverless::Function': 64,
};

/** CloudFormation generates a role's name; its path is ours. */
const IS_NAME = /Name$|^Path$|^StatementId$/;

/** The names in the template. A property that is a reference names another resource. */
const names = Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) =>
  Object.entries(Properties)
    .filter(([property, value]) => IS_NAME.test(property) && (typeof value === 'string' || 'Fn::Sub' in value))
    .map(([, value]) => {
      const text: string = typeof value === 'string' ? value : value['Fn::Sub'];
      return [id, LIMITS[Type] ?? LOWEST_LIMIT, text.replaceAll('${EnvironmentSuffix}', LONGEST_SUFFIX)] as const;
    }),
);

describe('names with the longest environment suffix', () => {
  it('have the longest suffix that EnvironmentSuffix accepts', () => {
    const pattern = new RegExp(ENVIRONMENT_SUFFIX.pattern);
    expect([LONGEST_SUFFIX, `${LONGEST_SUFFIX}e`].map((suffix) => pattern.test(suffix))).toEqual([true, false]);
  });

  it.each(names)('the name of %s has at most %i characters: %s', (_, limit, name) => {
    expect(name).not.toMatch(/\$\{/);
    expect(name.length).toBeLessThanOrEqual(limit);
  });

  it.each([
    ['the stack', inEnvironment(APPLICATION, LONGEST_SUFFIX), 128, 'CloudFormation, CreateStack'],
    ['the boundary', inEnvironment(NAMES.boundary, LONGEST_SUFFIX), 128, 'IAM, CreatePolicy'],
    ['CodeDeploy’s application', generated('ServerlessDeploymentApplication'), 100, 'CreateApplication'],
    ...ofType('AWS::Serverless::Function').map(
      ([id]) =>
        [`the deployment group of ${id}`, generated(`${id}DeploymentGroup`), 100, 'CreateDeploymentGroup'] as const,
    ),
  ] as const)('the name of %s is within its limit: %s', (_, name, limit) => {
    expect(name.length).toBeLessThanOrEqual(limit);
  });
});

/** A name that CloudFormation generates. It cuts those of IAM to fit, and not those of CodeDeploy. */
function generated(logicalId: string): string {
  return `${inEnvironment(APPLICATION, LONGEST_SUFFIX)}-${logicalId}-${'0'.repeat(12)}`;
}
