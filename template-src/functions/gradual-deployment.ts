/**
 * Deployments by CodeDeploy that begin with a tenth of the events, where `GradualDeployment` is on. Without it SAM's transform adds no
 * resource of CodeDeploy, and a deployment moves the alias at once.
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
 * Alarms that roll a deployment back. They watch all functions, because CloudFormation rolls back the whole deployment when one function's
 * fails. The alarm on dead-letter queues is not among them: one producer's invalid event would undo a good deployment.
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

/** CodeDeploy's role: it may move the aliases of these functions and read these alarms. */
export const gradualDeploymentRole: Resources = {
  [ROLE_ID]: serviceRole(
    'codedeploy.amazonaws.com',
    'move-aliases',
    allow(
      ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      FUNCTION_KEYS.map(functionIds).flatMap(({ function: id }) => [arnOf(id), sub(`\${${id}.Arn}:*`)]),
    ),
    allow('cloudwatch:DescribeAlarms', ROLLBACK_ALARMS.map(arnOf)),
  ).condition('DeploysGradually'),
};
