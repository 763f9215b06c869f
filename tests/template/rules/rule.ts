import { isDeepStrictEqual } from 'node:util';

export interface RenderedResource {
  readonly Type: string;
  readonly Condition?: unknown;
  readonly DependsOn?: unknown;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Metadata?: unknown;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The template as CloudFormation reads it: JSON, of which a rule may not believe that anything is there. */
export interface RenderedTemplate {
  readonly AWSTemplateFormatVersion?: unknown;
  readonly Transform?: unknown;
  readonly Parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, RenderedResource>>;
  readonly Outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Violations of a rule by a template, a line each; none when it keeps the rule. */
export type Rule = (template: RenderedTemplate) => string[];

/** Rules by the sentence they stand for. */
export type Rules = Readonly<Record<string, Rule>>;

/** A rule that is broken so badly that it cannot be asked is broken. */
export function violations(rule: Rule, template: RenderedTemplate): string[] {
  try {
    return rule(template);
  } catch (error) {
    return [String(error)];
  }
}

export function mustBe(what: string, actual: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(actual, expected)) return [];
  return [`${what} is ${JSON.stringify(actual)} and must be ${JSON.stringify(expected)}`];
}

/** The properties named in `expected` must have these values; the others are another rule's. */
export const mustHave = (
  template: RenderedTemplate,
  id: string,
  expected: Readonly<Record<string, unknown>>,
): string[] => {
  const properties = propertiesOf(template, id);
  return Object.entries(expected).flatMap(([name, value]) => mustBe(`${id}.${name}`, properties[name], value));
};

/** @throws when there is no such resource */
export function propertiesOf({ Resources }: RenderedTemplate, id: string): Readonly<Record<string, unknown>> {
  const found = Resources[id]?.Properties;
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

export const resourcesOf = ({ Resources }: RenderedTemplate, type: string) =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

/** The condition, deletion policies and metadata of a resource: what stands beside its properties. */
export const besideProperties = ({ Type: _, Properties: __, ...beside }: RenderedResource) => beside;

export const ref = (id: string) => ({ Ref: id });

/** A function's alias, as SAM lets one refer to it. */
export const alias = (functionId: string) => ref(`${functionId}.Alias`);

export const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });

/** The value under a condition, else nothing. */
export const onlyIf = (condition: string, value: unknown) => ({
  'Fn::If': [condition, value, ref('AWS::NoValue')],
});

export const sub = (text: string) => ({ 'Fn::Sub': text });

/** The statement that lets a key be administered at all. */
export const accountDecides = {
  Sid: 'AccountDecidesByIam',
  Effect: 'Allow',
  Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
  Action: 'kms:*',
  Resource: '*',
};

/** Refuses what does not come over TLS. */
export const tlsOnly = (Action: string, Resource: unknown) => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action,
  Resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/**
 * Where the tables are protected, a key cannot be taken away; its policy and grants are changed through services only, of which CloudFormation is
 * one, or by the account's root user: without either the key could never be managed again.
 */
export const keyProtection = [
  {
    Sid: 'NobodyTakesItAway',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
    Resource: '*',
  },
  {
    Sid: 'OnlyThroughServices',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['kms:PutKeyPolicy', 'kms:RevokeGrant'],
    Resource: '*',
    Condition: {
      BoolIfExists: { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' },
      ArnNotEquals: { 'aws:PrincipalArn': sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
    },
  },
].map((statement) => onlyIf('ProtectsTables', statement));

/** A resource's name in its environment. */
export const named = (name: string) => sub(`${name}-\${EnvironmentSuffix}`);

/** Every value in a structure, with the key it stands under. */
export function* walk(value: unknown): Generator<[key: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield [key, member];
    yield* walk(member);
  }
}
