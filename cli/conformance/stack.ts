/** The deployment itself: generated names, and gradual deployments. */
import { resourcesOf } from '../doctor/stack';
import { type Claim, notTried, verdict } from './claim';

/** Characters that a name may have which CloudFormation generates, by type. */
const MOST: Readonly<Record<string, number>> = {
  'AWS::IAM::Role': 64,
  'AWS::CodeDeploy::Application': 100,
  'AWS::CodeDeploy::DeploymentGroup': 100,
};

export const stack: readonly Claim[] = [
  {
    id: 'generated-names',
    sentence: 'CloudFormation keeps the names that it generates within the limits of their services.',
    source: 'decision 11; tests/template/name-lengths.test.ts; IAM user guide, "IAM and AWS STS quotas"',
    how: "the names of the stack's roles and of CodeDeploy's resources (read only)",
    async try(trial) {
      const generated = (await resourcesOf(trial.target)).flatMap(({ ResourceType = '', PhysicalResourceId = '' }) => {
        const most = MOST[ResourceType];
        return most ? { name: PhysicalResourceId, most } : [];
      });
      const longest = Math.max(...generated.map(({ name }) => name.length));
      const tooLong = generated.filter(({ name, most }) => name.length > most).map(({ name }) => name);
      return verdict(
        generated.length > 0 && tooLong.length === 0,
        tooLong.join(', ') || `${generated.length} names, the longest of ${longest} characters`,
      );
    },
  },
  {
    id: 'gradual-deployment',
    sentence: "CodeDeploy moves the aliases with the actions of the stack's own role.",
    source: 'decision 8; CodeDeploy user guide, "Managed policies for CodeDeploy" (AWSCodeDeployRoleForLambda)',
    how: 'the state of a stack that was deployed twice with GradualDeployment (read only)',
    async try(trial) {
      if (trial.stack.parameters.get('GradualDeployment') !== 'true')
        return notTried(
          'GradualDeployment is off in this environment: deploy a change with it on, then run this again',
        );
      const aliases = (await resourcesOf(trial.target)).filter(
        ({ ResourceType }) => ResourceType === 'AWS::Lambda::Alias',
      );
      const states = [...new Set(aliases.map(({ ResourceStatus }) => ResourceStatus))];
      if (states.every((state) => state === 'CREATE_COMPLETE'))
        return notTried('no alias was moved yet: deploy a change, then run this again');
      const failed = states.filter((state) => !state?.endsWith('_COMPLETE') || state.includes('ROLLBACK'));
      return verdict(failed.length === 0, `the aliases are ${states.join(', ')}`);
    },
  },
];
