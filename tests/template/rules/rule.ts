import { isDeepStrictEqual } from 'node:util';
import type { FunctionKey } from '../../../contracts/functions';
import { functionIds } from '../../../template-src/logical-ids';

type Properties = Readonly<Record<string, unknown>>;

interface RenderedResource {
  readonly Type: string;
  readonly Condition?: unknown;
  readonly DependsOn?: unknown;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Metadata?: unknown;
  readonly Properties?: Properties;
}

/** The template as CloudFormation reads it: JSON, of which a rule may not believe that anything is there. */
export interface RenderedTemplate {
  readonly Parameters: Readonly<Record<string, Properties>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, RenderedResource>>;
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

export const all =
  (...rules: readonly Rule[]): Rule =>
  (template) =>
    rules.flatMap((rule) => rule(template));

/** @param expected plain, as the template is */
export function mustBe(what: string, actual: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(actual, expected)) return [];
  return [`${what} is ${JSON.stringify(actual)} and must be ${JSON.stringify(expected)}`];
}

/** A value as the template renders it. */
export const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** Resources, by logical id, have these properties, under this condition or none. Other properties are another rule's. */
export function have(expected: Readonly<Record<string, Properties>>, condition?: string): Rule {
  const rendered = Object.entries(expected).flatMap(([id, properties]) =>
    Object.entries(properties).map(([name, value]) => [id, name, plain(value)] as const),
  );
  return ({ Resources }) =>
    rendered.flatMap(([id, name, value]) => [
      ...mustBe(`${id}.${name}`, Resources[id]?.Properties?.[name], value),
      ...mustBe(`the condition of ${id}`, Resources[id]?.Condition, condition),
    ]);
}

/** There are so many resources of a type: no other does what these do. */
export const only =
  (count: number, type: string): Rule =>
  (template) =>
    mustBe(`the number of ${type}`, resourcesOf(template, type).length, count);

/** What is expected of the resources of each function. */
export const ofEach = <K extends FunctionKey>(
  keys: readonly K[],
  expected: (ids: ReturnType<typeof functionIds>, key: K) => Readonly<Record<string, Properties>>,
): Readonly<Record<string, Properties>> => Object.assign({}, ...keys.map((key) => expected(functionIds(key), key)));

export const resourcesOf = ({ Resources }: RenderedTemplate, type: string) =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);
