/**
 * Protection of the stack's keys where the tables are protected: a table without its key is lost, backups included, and no alarm reaches a
 * topic without its own. docs/decisions/0012 says why it is shaped so.
 */
import { onlyIf, sub } from '../intrinsics';
import type { ConditionName } from '../parameters';
import type { Statement } from '../policy';

const PROTECTS = 'ProtectsTables' satisfies ConditionName;

/** The key cannot be disabled or deleted, whatever IAM allows, until the protection is off. */
const nobodyTakesItAway: Statement = {
  Sid: 'NobodyTakesItAway',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  Resource: '*',
};

/**
 * The policy is changed by a deployment only, and grants are DynamoDB's to give up. A call that CloudFormation makes is made for its caller
 * (`aws:ViaAWSService`), with a service role as well as without (CloudFormation's guide, "FAS requests and permission evaluation"): so
 * `TableDeletionProtection=false` is deployed like any parameter. The account's root user is the way out when no service can help.
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

export const keyProtection = [nobodyTakesItAway, onlyThroughServices].map((statement) => onlyIf(PROTECTS, statement));
