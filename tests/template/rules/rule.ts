import { isDeepStrictEqual } from 'node:util';
import type Resource from 'cloudform-types/types/resource';
import type { FunctionKey } from '../../../contracts/functions';
import { functionIds } from '../../../template-src/logical-ids';

type Properties = Readonly<Record<string, unknown>>;

type RenderedResource = Resource & { readonly UpdateReplacePolicy?: unknown };

/** The template as JSON; any part of it may be missing. */
export interface RenderedTemplate {
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, RenderedResource>>;
}

/** Returns the violations, a line each; none when the template follows the rule. */
export type Rule = (template: RenderedTemplate) => string[];

/** Rules by their sentence, the title of the test that fails. */
export type Rules = Readonly<Record<string, Rule>>;

/** Violations of a rule. One that throws, because a part is missing, is violated. */
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

/** @param expected as JSON: see {@link plain} */
export function mustBe(subject: string, actual: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(actual, expected)) return [];
  return [`${subject} is ${JSON.stringify(actual)} and must be ${JSON.stringify(expected)}`];
}

/** A value as the template renders it. */
export const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** Requires these properties of resources, by logical id, and this condition or none. It ignores other properties. */
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

/** Requires exactly this number of resources of a type. */
export const exactly =
  (count: number, type: string): Rule =>
  (template) =>
    mustBe(`the number of ${type}`, resourcesOf(template, type).length, count);

/** Expected properties of the resources of each function. */
export const ofEach = <K extends FunctionKey>(
  keys: readonly K[],
  expected: (ids: ReturnType<typeof functionIds>, key: K) => Readonly<Record<string, Properties>>,
): Readonly<Record<string, Properties>> => Object.assign({}, ...keys.map((key) => expected(functionIds(key), key)));

export const resourcesOf = ({ Resources }: RenderedTemplate, type: string) =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);
