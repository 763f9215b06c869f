import { CARRIER_NAMES } from '../../contracts/carriers';
import { resourcesOf } from '../doctor/stack';
import { type Claims, notTried, verdict } from './claim';

/** Maximum length of the names that CloudFormation generates, by resource type. */
const MAX_LENGTH: Readonly<Record<string, number>> = {
  'AWS::IAM::Role': 64,
  'AWS::CodeDeploy::Application': 100,
  'AWS::CodeDeploy::DeploymentGroup': 100,
};

export const stack: Claims = {
  'public-address': {
    sentence:
      "With its two permissions anyone can call a function URL without authorization, and ssm:GetParameter alone lets a role read a parameter encrypted with AWS's key.",
    source:
      'decision 34; Lambda developer guide, "Control access to Lambda function URLs"; Systems Manager user guide, "Restricting decryption of SecureString parameter values"',
    how: "a GET, to which the function responds 405, and a webhook without a signature, to which it responds 401 after it has read the carriers' parameter",
    needs: 'CarrierWebhooks',
    async try({ stack, target }) {
      if (target.lambda.config.isCustomEndpoint) return notTried('at another endpoint than AWS its URL has no address');
      const url = new URL(CARRIER_NAMES[0], stack.outputs.get('CarrierWebhookUrl'));
      const call = (method: string) => fetch(url, { method, signal: AbortSignal.timeout(30_000) });
      const [got, posted] = [(await call('GET')).status, (await call('POST')).status];
      const hint = posted === 502 ? ': doctor says whether the parameter is there' : '';
      return verdict(got === 405 && posted === 401, `responses: GET ${got}, POST ${posted}${hint}`);
    },
  },
  'generated-names': {
    sentence: 'CloudFormation keeps the names that it generates within the limits of their services.',
    source: 'decision 11; tests/template/name-lengths.test.ts; IAM user guide, "IAM and AWS STS quotas"',
    how: "the names of the stack's roles and of CodeDeploy's resources (read only)",
    async try(trial) {
      const generated = (await resourcesOf(trial.target)).flatMap(({ ResourceType = '', PhysicalResourceId = '' }) => {
        const max = MAX_LENGTH[ResourceType];
        return max ? { name: PhysicalResourceId, max } : [];
      });
      const longest = Math.max(...generated.map(({ name }) => name.length));
      const tooLong = generated.filter(({ name, max }) => name.length > max).map(({ name }) => name);
      return verdict(
        generated.length > 0 && tooLong.length === 0,
        tooLong.join(', ') || `${generated.length} names, the longest of ${longest} characters`,
      );
    },
  },
  'gradual-deployment': {
    sentence: "CodeDeploy can move the aliases with the permissions of the stack's own role.",
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
};
