/** Every name that is ours or follows from ours, in the environment with the longest suffix, against its service's limit. */
import { APPLICATION, ENVIRONMENT_SUFFIX, inEnvironment, NAMES } from '../../contracts/names';
import { resources } from '../support/rendered';

const LONGEST = 'e'.repeat(20);

/** Characters of an archive's name (EventBridge, CreateArchive): no service allows fewer. */
const LEAST = 48;

/** Where a name is longer: characters, by the API reference of the call that makes one. */
const LIMITS: Readonly<Record<string, number>> = {
  'AWS::CloudWatch::Alarm': 255,
  'AWS::Events::Rule': 64,
  'AWS::Logs::LogGroup': 512,
  'AWS::Logs::QueryDefinition': 255,
  'AWS::SQS::Queue': 80,
  'AWS::Serverless::Function': 64,
};

/** A role's name is CloudFormation's to make, under a path of ours. */
const IS_NAME = /Name$|^Path$|^StatementId$/;

/** The names in the template: other properties that end so refer to another resource. */
const names = Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) =>
  Object.entries(Properties)
    .filter(([property, value]) => IS_NAME.test(property) && (typeof value === 'string' || 'Fn::Sub' in value))
    .map(([, value]) => {
      const text: string = typeof value === 'string' ? value : value['Fn::Sub'];
      return [id, LIMITS[Type] ?? LEAST, text.replaceAll('${EnvironmentSuffix}', LONGEST)] as const;
    }),
);

describe('in the environment with the longest suffix', () => {
  it('is one that the parameter takes', () => {
    const pattern = new RegExp(ENVIRONMENT_SUFFIX.pattern);
    expect([LONGEST, `${LONGEST}e`].map((suffix) => pattern.test(suffix))).toEqual([true, false]);
  });

  it.each(names)('the name of %s has at most %i characters: %s', (_, most, name) => {
    expect(name).not.toMatch(/\$\{/);
    expect(name.length).toBeLessThanOrEqual(most);
  });

  // A stack's own name, a hyphen, the logical id, a hyphen and 12 characters. IAM's names CloudFormation cuts to 64, and permissions name
  // the path instead; CodeDeploy's must fit.
  it.each([
    ['the stack', inEnvironment(APPLICATION, LONGEST), 128, 'CloudFormation, CreateStack'],
    ['the boundary', inEnvironment(NAMES.boundary, LONGEST), 128, 'IAM, CreatePolicy'],
    [
      'the prefix of artifacts, with a name of 32 and a suffix',
      `${inEnvironment(APPLICATION, LONGEST)}/${'0'.repeat(32)}.template`,
      1_024,
      'S3, object keys',
    ],
    ['CodeDeploy’s application', generated('ServerlessDeploymentApplication'), 100, 'CreateApplication'],
    ...Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::Serverless::Function')
      .map(
        ([id]) =>
          [`the deployment group of ${id}`, generated(`${id}DeploymentGroup`), 100, 'CreateDeploymentGroup'] as const,
      ),
  ] as const)('so is the name of %s: %s', (_, name, most) => {
    expect(name.length).toBeLessThanOrEqual(most);
  });
});

function generated(logicalId: string): string {
  return `${inEnvironment(APPLICATION, LONGEST)}-${logicalId}-${'0'.repeat(12)}`;
}
