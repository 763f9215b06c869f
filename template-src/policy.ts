import type { Value } from 'cloudform-types/types/dataTypes';
import { sub } from './intrinsics';

/** One statement of an IAM or resource policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, Value<string> | Value<string>[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: Value<string> | readonly Value<string>[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Value<string> | readonly Value<string>[]>>>>;
}

/** A policy document; a statement may be conditional. */
export const policyDocument = (...statements: Value<Statement>[]) => ({ Version: '2012-10-17', Statement: statements });

export const allow = (
  Action: string | readonly string[],
  Resource: Value<string> | readonly Value<string>[],
): Statement => ({ Effect: 'Allow', Action, Resource });

/** Denies requests without TLS (developer guides of SQS and SNS, "Security best practices": enforce encryption of data in transit). */
export const tlsOnly = (Action: string, Resource: Value<string>): Statement => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action,
  Resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** Lets the account's IAM policies decide who may use and manage a key. Without it the key could not be managed. */
export const accountDecides: Statement = {
  Sid: 'AccountDecidesByIam',
  Effect: 'Allow',
  Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
  Action: 'kms:*',
  Resource: '*',
};
