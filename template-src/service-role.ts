/** Roles that an AWS service acts with in this stack. */
import type { Value } from 'cloudform-types/types/dataTypes';
import Role from 'cloudform-types/types/iam/role';
import { onlyIf, ref, sub } from './intrinsics';
import { policyDocument, type Statement } from './policy';

/**
 * A role for one service of this account, with one inline policy. CloudFormation names it: an explicit name would need CAPABILITY_NAMED_IAM.
 * A generated name is cut at 64 characters, so permissions about these roles name their path, which has the environment as a whole.
 * @param service `lambda.amazonaws.com`
 */
export const serviceRole = (service: string, policyName: string, ...statements: readonly Value<Statement>[]): Role =>
  new Role({
    Path: sub('/logistics/${EnvironmentSuffix}/'),
    AssumeRolePolicyDocument: policyDocument({
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      // Decision 11: AWS does not document it for these two services; without it a deployment would fail, not an event.
      Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
    }),
    PermissionsBoundary: onlyIf(
      'HasPermissionsBoundary',
      sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/${PermissionsBoundary}'),
    ),
    Policies: [{ PolicyName: policyName, PolicyDocument: policyDocument(...statements) }],
  });
