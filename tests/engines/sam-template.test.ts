/** The template, read by what AWS wrote to read templates. */
import type Resource from 'cloudform-types/types/resource';
import { FUNCTION_KEYS, LIVE_ALIAS } from '../../contracts/functions';
import { functionIds } from '../../template-src/function-ids';
import { rendered, resources } from '../template/rendered';
import { lintAll, samTransform } from './sam-tools';

/** What cfn-lint may say, and why that stays as it is. Anything else fails. */
const ANSWERED: Readonly<Record<string, string>> = {
  I3011:
    'Only the tables and the key outlive their stack. What failed is in the error table too; a queue or log group left behind would keep its name from the next stack.',
  I4010: 'Notes on the architecture for machines to read, in Metadata: ours are for people, in docs/architecture.md.',
};

const ANSWERED_WHERE_ON: typeof ANSWERED = {
  ...ANSWERED,
  W1028: 'What stands for a gradual deployment that is off cannot be reached where it is on.',
};

/** Properties that SAM makes resources of, or fetches. */
const BECOME_RESOURCES = new Set([
  'CodeUri',
  'EventInvokeConfig',
  'AutoPublishAlias',
  'AutoPublishAliasAllProperties',
  'VersionDescription',
  'DeploymentPreference',
  'PropagateTags',
]);

const functionResources = FUNCTION_KEYS.map((key) => functionIds(key).function);

/** The template as `sam package` leaves it: the translator wants the code where CloudFormation would fetch it. */
const packaged = {
  ...rendered,
  Resources: Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => [
      id,
      functionResources.includes(id)
        ? { ...resource, Properties: { ...resource.Properties, CodeUri: 's3://packaged/functions.zip' } }
        : resource,
    ]),
  ),
};

interface Transformed {
  readonly Resources: Readonly<Record<string, Resource & { readonly UpdatePolicy?: unknown }>>;
}

const transformed: Transformed = samTransform(packaged);
/** Whoever turns the parameter on gets another template, which is read with that value only. */
const turnedOn = { ...rendered.Parameters.GradualDeployment, Default: 'true', AllowedValues: ['true'] };
const gradual: Transformed = samTransform({
  ...packaged,
  Parameters: { ...rendered.Parameters, GradualDeployment: turnedOn },
});

const findings = { written: lintAll(rendered), transformed: lintAll(transformed), gradual: lintAll(gradual) };

/** Types of what the transform added, by logical id; a version's id ends in a hash of the function. */
const addedTo = ({ Resources }: Transformed) =>
  Object.fromEntries(
    Object.entries(Resources).flatMap(([id, { Type }]) =>
      id in resources ? [] : [[id.replace(/Version[0-9a-f]{10}$/, 'Version'), Type]],
    ),
  );

const addedToEachFunction = Object.fromEntries(
  functionResources.flatMap((id) => [
    [`${id}Version`, 'AWS::Lambda::Version'],
    [`${id}Aliaslive`, 'AWS::Lambda::Alias'],
    [`${id}EventInvokeConfig`, 'AWS::Lambda::EventInvokeConfig'],
  ]),
);

/** The logical id of the version that a template makes of a function. */
const versionOf = (id: string, template: object) =>
  Object.keys(samTransform(template).Resources).find((each) => each.startsWith(`${id}Version`));

describe('the Serverless transform', () => {
  it('adds to each function a version, its alias and what EventInvokeConfig says of it, and nothing else: no role, rule or permission', () => {
    expect(addedTo(transformed)).toEqual(addedToEachFunction);
    for (const key of FUNCTION_KEYS) {
      const { function: id, queue } = functionIds(key);
      expect(transformed.Resources[`${id}EventInvokeConfig`]).toMatchObject({
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: id },
          Qualifier: LIVE_ALIAS,
          MaximumRetryAttempts: 2,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } },
        },
      });
    }
  });

  it('lets each rule, and nobody else, invoke its function’s alias', () => {
    for (const key of FUNCTION_KEYS) {
      const { function: id, rule, permission } = functionIds(key);
      const alias = { Ref: `${id}Aliaslive` };
      expect(transformed.Resources[rule]?.Properties?.['Targets']).toMatchObject([{ Arn: alias }]);
      expect(transformed.Resources[permission]?.Properties).toMatchObject({ FunctionName: alias });
    }
  });

  it('leaves every other resource as it is written', () => {
    const refersToAlias = FUNCTION_KEYS.map(functionIds).flatMap(({ rule, permission }) => [rule, permission]);
    const others = Object.entries(resources).filter(([id]) => ![...functionResources, ...refersToAlias].includes(id));
    expect(transformed.Resources).toMatchObject(Object.fromEntries(others));
  });

  it.each(['Timeout', 'MemorySize', 'Handler'])(
    'makes another version of a function whose %s changed alone',
    (name) => {
      const [id = ''] = functionResources;
      const { Properties, ...rest } = packaged.Resources[id] as Resource;
      const changed = { ...rest, Properties: { ...Properties, [name]: 7 } };

      const version = versionOf(id, { ...packaged, Resources: { ...packaged.Resources, [id]: changed } });

      expect(version).toBeDefined();
      expect(version).not.toBe(versionOf(id, packaged));
      expect(Object.keys(transformed.Resources)).toContain(versionOf(id, packaged));
    },
  );

  it.each(functionResources)('keeps what %s declares', (id) => {
    const { Tags, Tracing, ...properties } = resources[id]?.Properties ?? {};
    const kept = Object.fromEntries(Object.entries(properties).filter(([name]) => !BECOME_RESOURCES.has(name)));
    expect(transformed.Resources[id]).toMatchObject({
      Type: 'AWS::Lambda::Function',
      Properties: { ...kept, TracingConfig: { Mode: Tracing } },
    });
    const tags = transformed.Resources[id]?.Properties?.['Tags'];
    expect(tags).toEqual(expect.arrayContaining(Object.entries(Tags).map(([Key, Value]) => ({ Key, Value }))));
  });
});

describe('a gradual deployment', () => {
  const NOTHING = { Ref: 'AWS::NoValue' };
  const tags = [
    { Key: 'Environment', Value: { Ref: 'EnvironmentSuffix' } },
    { Key: 'Application', Value: 'logistics-event-processor' },
    { Key: 'ManagedBy', Value: 'aws-sam' },
  ];

  it('adds CodeDeploy’s application and a group for each function, and no role of SAM’s', () => {
    expect(addedTo(gradual)).toEqual({
      ...addedToEachFunction,
      ServerlessDeploymentApplication: 'AWS::CodeDeploy::Application',
      ...Object.fromEntries(
        functionResources.map((id) => [`${id}DeploymentGroup`, 'AWS::CodeDeploy::DeploymentGroup']),
      ),
    });
    expect(gradual.Resources['ServerlessDeploymentApplication']?.Properties).toEqual({
      ComputePlatform: 'Lambda',
      Tags: tags,
    });
  });

  it.each(functionResources)(
    'moves the alias of %s by a tenth for 15 minutes, and back when an alarm goes off',
    (id) => {
      expect(gradual.Resources[`${id}Aliaslive`]?.UpdatePolicy).toEqual({
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: 'ServerlessDeploymentApplication' },
          DeploymentGroupName: { Ref: `${id}DeploymentGroup` },
        },
      });
      expect(gradual.Resources[`${id}DeploymentGroup`]?.Properties).toMatchObject({
        AlarmConfiguration: {
          Enabled: true,
          Alarms: [{ Name: { Ref: `${id}ErrorsAlarm` } }, { Name: { Ref: `${id}DurationAlarm` } }],
        },
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: expect.arrayContaining(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']),
        },
        DeploymentConfigName: {
          'Fn::Sub': ['CodeDeployDefault.Lambda${ConfigName}', { ConfigName: 'Canary10Percent15Minutes' }],
        },
        ServiceRoleArn: { 'Fn::If': ['DeploysGradually', { 'Fn::GetAtt': ['GradualDeploymentRole', 'Arn'] }, NOTHING] },
        Tags: tags,
      });
    },
  );

  it('is off unless it is asked for: the alias moves at once', () => {
    const updated = Object.values(transformed.Resources).filter(({ UpdatePolicy }) => UpdatePolicy !== undefined);
    expect(updated).toEqual([]);
    expect(samTransform(packaged, { GradualDeployment: 'false' })).toEqual(transformed);
  });
});

describe('cfn-lint', () => {
  it.each([
    ['written', ANSWERED],
    ['transformed', ANSWERED],
    ['gradual', ANSWERED_WHERE_ON],
  ] as const)('finds nothing in the template as %s that is not answered', (template, answered) => {
    expect(findings[template].filter(({ rule }) => !(rule in answered))).toEqual([]);
  });

  it('needs each of its answers', () => {
    const said = Object.values(findings).flat();
    expect(Object.keys(ANSWERED_WHERE_ON).filter((rule) => !said.some((finding) => finding.rule === rule))).toEqual([]);
  });

  it('is answered about queues and log groups only: a table or key without a deletion policy is a finding', () => {
    const undecided = findings.written.filter(({ rule }) => rule === 'I3011');
    const types = undecided.map(({ path }) => resources[String(path[1])]?.Type);
    expect([...new Set(types)].sort()).toEqual(['AWS::Logs::LogGroup', 'AWS::SQS::Queue']);
  });
});
