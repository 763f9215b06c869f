/**
 * Deployments that begin with a tenth of the events (CodeDeploy), for who turns them on. SAM reads the parameter when it transforms the
 * template: with `false` nothing of CodeDeploy comes into being, and a deployment moves the alias at once.
 */
import { FUNCTION_KEYS } from '../../contracts/functions';
import { arnOf, onlyIf, ref, sub } from '../intrinsics';
import { functionIds } from '../logical-ids';
import { alarmDefinitions } from '../monitoring/alarms';
import { allow } from '../policy';
import type { Resources } from '../resources';
import { serviceRole } from '../service-role';

const ROLE_ID = 'GradualDeploymentRole';

/**
 * The alarms that take the alias back to the old version: functions fail, or come near their timeout. They are of all functions: CloudFormation
 * takes back the whole deployment when one function's fails. Not arrivals in a dead-letter queue, where one producer's invalid event would undo
 * a good deployment.
 */
const ROLLBACK_ALARMS = (['logistics-high-errors', 'logistics-duration'] as const).map(
  (name) => alarmDefinitions[name].id,
);

export const deploymentPreference = {
  Enabled: ref('GradualDeployment'),
  // The error alarm needs two periods of five minutes, and its metric some minutes to arrive.
  Type: 'Canary10Percent15Minutes' as const,
  Alarms: ROLLBACK_ALARMS.map(ref),
  Role: onlyIf('DeploysGradually', arnOf(ROLE_ID)),
};

const aliasesOf = ({ function: id }: ReturnType<typeof functionIds>) => [arnOf(id), sub(`\${${id}.Arn}:*`)];

/** CodeDeploy's role: what AWS's own policy for it allows on everything, on these functions and alarms only. */
export const gradualDeploymentRole: Resources = {
  [ROLE_ID]: serviceRole(
    'codedeploy.amazonaws.com',
    'move-aliases',
    allow(
      ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      FUNCTION_KEYS.map(functionIds).flatMap(aliasesOf),
    ),
    allow('cloudwatch:DescribeAlarms', ROLLBACK_ALARMS.map(arnOf)),
  ).condition('DeploysGradually'),
};
