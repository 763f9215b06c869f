import { APPLICATION, NAMES } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { findStack } from '../doctor/stack';
import { type Claims, heldUnless, notTried } from './claim';
import { type Call, decisionOf } from './policy-simulator';

const STACK = 'logistics-deploy-role';

/** Names of the resources in a role's calls. */
interface Place extends Readonly<Record<'partition' | 'region' | 'account' | 'environment' | 'bucket', string>> {}

type Context = NonNullable<Call['context']>;

/** One call of each kind that the role must be allowed, and of each that it must be denied. */
export function callsOf({ partition, region, account, environment, bucket }: Place) {
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  const iam = (rest: string) => `arn:${partition}:iam::${account}:${rest}`;
  const stack = arn('cloudformation', `stack/${APPLICATION}-${environment}/1`);
  const table = arn('dynamodb', `table/${TABLES.shipments.name}-${environment}`);
  const updater = arn('lambda', `function:logistics-status-updater-${environment}`);
  const role = iam(`role/logistics/${environment}/conformance`);
  const rule = arn('events', `rule/${NAMES.bus}-${environment}/logistics-errors-${environment}`);
  const alarm = arn('cloudwatch', `alarm:logistics-duration-${environment}`);
  const bounded = { 'iam:PermissionsBoundary': iam(`policy/${NAMES.boundary}-${environment}`) };
  const passedTo = (service: string) => ({ 'iam:PassedToService': `${service}.amazonaws.com` });
  const call = (action: string, resource: string, context: Context = {}): Call => ({ action, resource, context });
  return {
    allowed: [
      call('cloudformation:CreateChangeSet', stack),
      call('s3:PutObject', `${bucket}/code`),
      call('dynamodb:UpdateTable', table),
      call('lambda:UpdateFunctionCode', updater),
      call('iam:CreateRole', role, bounded),
      call('iam:PassRole', role, passedTo('lambda')),
      call('events:PutRule', rule),
      call('cloudwatch:PutMetricAlarm', alarm),
    ],
    denied: [
      call('iam:CreateUser', iam('user/conformance')),
      call('iam:CreateRole', role),
      call('iam:PassRole', role, passedTo('ec2')),
      call('iam:DeleteRolePermissionsBoundary', role, bounded),
      call('dynamodb:DeleteTable', table),
      call('dynamodb:Scan', table),
      call('events:PutPermission', arn('events', `event-bus/${NAMES.bus}-${environment}`)),
      call('lambda:UpdateFunctionCode', `${updater}x`),
      call('cloudformation:DeleteStack', stack),
    ],
  };
}

export const deployRole: Claims = {
  'deploy-role': {
    sentence: 'The deploy role may make the calls of a deployment of its environment, and none of the forbidden ones.',
    source: 'decision 11; IAM API reference, SimulatePrincipalPolicy',
    how: `IAM's policy simulator (read only), on the role of the stack ${STACK}-{env}`,
    async try(trial) {
      const { target, place } = trial;
      const outputs = (await findStack(target, STACK))?.outputs;
      const role = outputs?.get('DeployRoleArn');
      if (!role) return notTried(`there is no stack ${target.name(STACK)}: docs/deploy.md, "By GitHub Actions"`);
      const bucket = `arn:${place.partition}:s3:::${outputs?.get('ArtifactBucket')}`;
      const { allowed, denied } = callsOf({ ...place, environment: target.environment, bucket });
      const problems: string[] = [];
      for (const call of [...allowed, ...denied]) {
        const decision = await decisionOf(role, call, target);
        if ((decision === 'allowed') !== allowed.includes(call))
          problems.push(`${call.action} on ${call.resource}: ${decision}`);
      }
      return heldUnless(problems, `${allowed.length} calls allowed, ${denied.length} denied`);
    },
  },
};
