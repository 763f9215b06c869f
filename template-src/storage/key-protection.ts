/**
 * Statements that protect the stack's keys where `TableDeletionProtection` is on: without its key a table is lost with its backups, and a
 * topic receives no alarm (docs/decisions/0012).
 */
import { onlyIf, sub } from '../intrinsics';
import type { ConditionName } from '../parameters';
import type { Statement } from '../policy';

const PROTECTS = 'ProtectsTables' satisfies ConditionName;

/** The key cannot be disabled or deleted while the protection is on, whatever IAM allows. */
const denyRemoval: Statement = {
  Sid: 'NobodyTakesItAway',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  Resource: '*',
};

/**
 * Only a deployment changes the policy, and only a service such as DynamoDB revokes grants. CloudFormation's calls have `aws:ViaAWSService`,
 * with a service role and without (CloudFormation's guide, "FAS requests and permission evaluation"): so `TableDeletionProtection=false` is
 * deployed like any parameter. The account's root user may do both, for when no service can.
 */
const onlyThroughServices: Statement = {
  Sid: 'OnlyThroughServices',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: ['kms:PutKeyPolicy', 'kms:RevokeGrant'],
  Resource: '*',
  Condition: {
    BoolIfExists: { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' },
    ArnNotEquals: { 'aws:PrincipalArn': sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
  },
};

export const keyProtection = [denyRemoval, onlyThroughServices].map((statement) => onlyIf(PROTECTS, statement));
