import type { Value } from 'cloudform-types/types/dataTypes';
import Role from 'cloudform-types/types/iam/role';
import { onlyIf, ref, sub } from './intrinsics';
import { policyDocument, type Statement } from './policy';

/**
 * A role that one AWS service assumes, with one inline policy. An explicit name would need CAPABILITY_NAMED_IAM, and CloudFormation cuts a
 * generated one at 64 characters: permissions on these roles name their path, which always contains the environment.
 * @param service `lambda.amazonaws.com`
 */
export const serviceRole = (service: string, policyName: string, ...statements: readonly Value<Statement>[]): Role =>
  new Role({
    Path: sub('/logistics/${EnvironmentSuffix}/'),
    AssumeRolePolicyDocument: policyDocument({
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      // Lambda's guide does not document this key: a service that did not send it would fail a deployment, not an event (docs/decisions/0011).
      Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
    }),
    PermissionsBoundary: onlyIf(
      'HasPermissionsBoundary',
      sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/${PermissionsBoundary}'),
    ),
    Policies: [{ PolicyName: policyName, PolicyDocument: policyDocument(...statements) }],
  });
