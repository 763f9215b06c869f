/** The template as AWS's SAM translator transforms it. */
import type Resource from 'cloudform-types/types/resource';
import { EVENT_FUNCTION_KEYS, LIVE_ALIAS } from '../../contracts/functions';
import { functionIds } from '../../template-src/logical-ids';
import { samTransform } from '../support/engines/sam-tools';
import { functionResources, gradual, packaged, type Transformed, transformed } from '../support/engines/transformed';
import { resources } from '../support/rendered';

/** Types of the resources that the transform added, by logical id without the hash at the end of a version's. */
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
    ...(resources[id]?.Properties?.['EventInvokeConfig']
      ? [[`${id}EventInvokeConfig`, 'AWS::Lambda::EventInvokeConfig']]
      : []),
  ]),
);

describe('the Serverless transform', () => {
  it('adds to each function only a version, an alias and its EventInvokeConfig', () => {
    expect(addedTo(transformed)).toEqual(addedToEachFunction);
    for (const key of EVENT_FUNCTION_KEYS) {
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

  it('changes nothing in other resources but the references to aliases', () => {
    const written = JSON.stringify(resources).replaceAll(/(\w+)\.Alias/g, '$1Aliaslive');
    const others = Object.entries(JSON.parse(written)).filter(([id]) => !functionResources.includes(id));
    expect(transformed.Resources).toMatchObject(Object.fromEntries(others));
  });

  it('adds another version when only a function’s timeout changes', () => {
    const [id = ''] = functionResources;
    const { Properties, ...rest } = packaged.Resources[id] as Resource;
    const changed = { ...rest, Properties: { ...Properties, Timeout: 7 } };

    const { Resources } = samTransform({ ...packaged, Resources: { ...packaged.Resources, [id]: changed } });
    const version = Object.keys(Resources).find((candidate) => candidate.startsWith(`${id}Version`));

    expect(version).toBeDefined();
    expect(Object.keys(transformed.Resources)).not.toContain(version);
  });
});

describe('a gradual deployment', () => {
  const NOTHING = { Ref: 'AWS::NoValue' };
  const tags = [
    { Key: 'Environment', Value: { Ref: 'EnvironmentSuffix' } },
    { Key: 'Application', Value: 'logistics-event-processor' },
    { Key: 'ManagedBy', Value: 'aws-sam' },
  ];

  it('adds only CodeDeploy’s application and a deployment group for each function', () => {
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
    'moves the alias of %s for a tenth of the events for 15 minutes, and rolls back when an alarm goes off',
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
          Alarms: [{ Name: { Ref: 'ShipmentProcessorErrorsAlarm' } }, { Name: { Ref: 'DurationAlarm' } }],
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
});
