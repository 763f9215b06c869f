/** GitHub's deploy role, as IAM's policy simulator has it. */
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { APPLICATION, NAMES } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { type Claim, notTried, verdict } from './claim';
import { busArnOf } from './inbox';
import { type Call, decisionOf } from './policy-simulator';

/** Where a role's calls go. */
interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly environment: string;
  readonly bucket: string;
}

/** One call of each kind that a deployment makes, and of each that the role must not make. */
export function callsOf({
  partition,
  region,
  account,
  environment,
  bucket,
}: Place): Record<'allowed' | 'denied', readonly Call[]> {
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  const iam = (rest: string) => `arn:${partition}:iam::${account}:${rest}`;
  const table = arn('dynamodb', `table/${TABLES.shipments.name}-${environment}`);
  const functionOf = (suffix: string) => arn('lambda', `function:logistics-status-updater-${suffix}`);
  const role = iam(`role/logistics/${environment}/conformance`);
  const bounded = { 'iam:PermissionsBoundary': iam(`policy/${NAMES.boundary}-${environment}`) };
  const bus = arn('events', `event-bus/${NAMES.bus}-${environment}`);
  return {
    allowed: [
      {
        action: 'cloudformation:CreateChangeSet',
        resource: arn('cloudformation', `stack/${APPLICATION}-${environment}/1`),
      },
      { action: 's3:PutObject', resource: `${bucket}/code` },
      { action: 'dynamodb:UpdateTable', resource: table },
      { action: 'lambda:UpdateFunctionCode', resource: functionOf(environment) },
      { action: 'iam:CreateRole', resource: role, context: bounded },
      { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      {
        action: 'events:PutRule',
        resource: arn('events', `rule/${NAMES.bus}-${environment}/logistics-errors-${environment}`),
      },
      { action: 'cloudwatch:PutMetricAlarm', resource: arn('cloudwatch', `alarm:logistics-duration-${environment}`) },
    ],
    denied: [
      { action: 'iam:CreateUser', resource: iam('user/conformance') },
      { action: 'iam:CreateRole', resource: role },
      { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      { action: 'iam:DeleteRolePermissionsBoundary', resource: role, context: bounded },
      { action: 'dynamodb:DeleteTable', resource: table },
      { action: 'dynamodb:Scan', resource: table },
      { action: 'events:PutPermission', resource: bus },
      { action: 'lambda:UpdateFunctionCode', resource: functionOf(`${environment}x`) },
      {
        action: 'cloudformation:DeleteStack',
        resource: arn('cloudformation', `stack/${APPLICATION}-${environment}/1`),
      },
    ],
  };
}

export const deployRole: readonly Claim[] = [
  {
    id: 'deploy-role',
    sentence:
      'The deploy role may make the calls of a deployment of its environment, and not those that it must never make.',
    source: 'decision 11; IAM API reference, SimulatePrincipalPolicy',
    how: "IAM's policy simulator (read only), on the role of the stack logistics-deploy-role-{env}",
    async try(trial) {
      const { target } = trial;
      const StackName = target.name('logistics-deploy-role');
      const { Stacks = [] } = await target.stacks
        .send(new DescribeStacksCommand({ StackName }))
        .catch((error: Error) => {
          if (/does not exist/.test(error.message)) return { Stacks: [] };
          throw error;
        });
      const outputs = new Map(Stacks[0]?.Outputs?.map(({ OutputKey, OutputValue = '' }) => [OutputKey, OutputValue]));
      const role = outputs.get('DeployRoleArn');
      if (!role) return notTried(`there is no stack ${StackName}: docs/deploy.md, "By GitHub Actions"`);
      const bucket = `arn:${role.split(':')[1]}:s3:::${outputs.get('ArtifactBucket')}`;
      const calls = callsOf({ ...(await busArnOf(trial)), environment: target.environment, bucket });
      const wrong: string[] = [];
      for (const [expected, each] of Object.entries(calls)) {
        for (const call of each) {
          const decision = await decisionOf(role, call, target);
          if ((decision === 'allowed') !== (expected === 'allowed'))
            wrong.push(`${call.action} on ${call.resource}: ${decision}`);
        }
      }
      return verdict(
        wrong.length === 0,
        wrong.join('; ') || `${calls.allowed.length} calls allowed, ${calls.denied.length} denied`,
      );
    },
  },
];
