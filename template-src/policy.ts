import type { Value } from 'cloudform-types/types/dataTypes';

/** One statement of an IAM or resource policy that allows something. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow';
  readonly Principal?: Readonly<Record<string, Value<string> | Value<string>[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: Value<string> | readonly Value<string>[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Value<string> | readonly string[]>>>>;
}

/** A policy document; a statement may stand under a condition. */
export const policyDocument = (...statements: Value<Statement>[]) => ({ Version: '2012-10-17', Statement: statements });

export const allow = (
  Action: string | readonly string[],
  Resource: Value<string> | readonly Value<string>[],
): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});
