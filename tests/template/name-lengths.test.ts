/** Every name that is ours or follows from ours, in the environment with the longest suffix, against its service's limit. */
import type Resource from 'cloudform-types/types/resource';
import { APPLICATION, ENVIRONMENT_SUFFIX, inEnvironment, NAMES } from '../../contracts/names';
import { resources } from '../support/rendered';

const LONGEST = 'e'.repeat(20);

interface Limit {
  /** The property with the name, as the template writes it. */
  readonly property: string;
  /** Characters, and AWS's text that says so (API reference of the call that makes one, unless another is named). */
  readonly most: number;
  readonly source: string;
}

const LIMITS: Readonly<Record<string, Limit>> = {
  'AWS::CloudWatch::Alarm': { property: 'AlarmName', most: 255, source: 'PutMetricAlarm' },
  'AWS::CloudWatch::Dashboard': { property: 'DashboardName', most: 255, source: 'AWS::CloudWatch::Dashboard' },
  'AWS::DynamoDB::Table': { property: 'TableName', most: 255, source: 'CreateTable' },
  'AWS::Events::Archive': { property: 'ArchiveName', most: 48, source: 'CreateArchive' },
  'AWS::Events::EventBus': { property: 'Name', most: 256, source: 'CreateEventBus' },
  'AWS::Events::EventBusPolicy': { property: 'StatementId', most: 64, source: 'PutPermission' },
  'AWS::Events::Rule': { property: 'Name', most: 64, source: 'PutRule' },
  'AWS::IAM::Role': { property: 'Path', most: 512, source: 'CreateRole' },
  'AWS::KMS::Alias': { property: 'AliasName', most: 256, source: 'CreateAlias' },
  'AWS::Logs::DeliveryDestination': { property: 'Name', most: 60, source: 'PutDeliveryDestination' },
  'AWS::Logs::DeliverySource': { property: 'Name', most: 60, source: 'PutDeliverySource' },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', most: 512, source: 'CreateLogGroup' },
  'AWS::Logs::QueryDefinition': { property: 'Name', most: 255, source: 'PutQueryDefinition' },
  'AWS::SNS::Topic': { property: 'TopicName', most: 256, source: 'CreateTopic' },
  'AWS::SQS::Queue': { property: 'QueueName', most: 80, source: 'CreateQueue' },
  'AWS::Serverless::Function': { property: 'FunctionName', most: 64, source: 'Lambda, CreateFunction' },
};

/** Types whose resources have no name, or one that AWS gives. */
const UNNAMED = new Set([
  'AWS::KMS::Key',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::Delivery',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

function nameOf({ Type, Properties = {} }: Resource): string | undefined {
  const value: unknown = Properties[LIMITS[Type]?.property ?? ''];
  const text = typeof value === 'string' ? value : (value as { 'Fn::Sub'?: string } | undefined)?.['Fn::Sub'];
  return text?.replaceAll('${EnvironmentSuffix}', LONGEST);
}

const named = Object.entries(resources)
  .filter(([, { Type }]) => !UNNAMED.has(Type))
  .map(([id, resource]) => [id, LIMITS[resource.Type]?.source, resource] as const);

describe('in the environment with the longest suffix', () => {
  it('is one that the parameter takes', () => {
    const pattern = new RegExp(ENVIRONMENT_SUFFIX.pattern);
    expect([LONGEST, `${LONGEST}e`].map((suffix) => pattern.test(suffix))).toEqual([true, false]);
  });

  it.each(named)('the name of %s is within the limit of %s', (_, __, resource) => {
    const { most = 0 } = LIMITS[resource.Type] ?? {};
    const name = nameOf(resource);

    expect(name).not.toMatch(/\$\{/);
    expect(name?.length).toBeGreaterThan(0);
    expect(name?.length).toBeLessThanOrEqual(most);
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
