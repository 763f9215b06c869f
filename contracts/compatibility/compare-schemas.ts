/**
 * Whether every value of one JSON Schema is a value of another, for the keywords that the generator writes. Small and wary: what it
 * does not know, it reports as unclear unless both sides say the same.
 */
import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from '../generate/json-schema';

type Definition = JsonSchema | boolean;

export interface Narrowing {
  /** From the root of the schema: `metadata.estimated_days`, empty for the root. */
  readonly path: string;
  readonly keyword: string;
  readonly from: unknown;
  readonly to: unknown;
  /** Neither allowed nor refused by the rules here: somebody has to look. */
  readonly unclear?: true;
}

/** What it means when `to` lists a property that `from` does not mention. */
export type Unlisted = 'nobody sent it' | 'it was removed';

/** Keywords that say nothing about which values are valid. */
const ANNOTATIONS = new Set(['$schema', '$id', '$comment', 'title', 'description', 'examples']);

/** Compared by their values alone: how `to` may narrow `from`. */
const KEYWORDS: Record<string, (from: JsonSchema, to: JsonSchema) => 'narrower' | 'unclear' | undefined> = {
  type: (from, to) =>
    narrowerIf(!typesOf(to).includes('any') && !typesOf(from).every((type) => isOneOf(type, typesOf(to)))),
  enum: (from, to) => narrowerIf(!isSubset(valuesOf(from), valuesOf(to))),
  const: (from, to) => narrowerIf(!isSubset(valuesOf(from), valuesOf(to))),
  minimum: (from, to) => narrowerIf((to.minimum ?? -Infinity) > (from.minimum ?? -Infinity)),
  maximum: (from, to) => narrowerIf((to.maximum ?? Infinity) < (from.maximum ?? Infinity)),
  minLength: (from, to) => narrowerIf((to.minLength ?? 0) > (from.minLength ?? 0)),
  maxLength: (from, to) => narrowerIf((to.maxLength ?? Infinity) < (from.maxLength ?? Infinity)),
  pattern: (from, to) => unlessEqual(from.pattern, to.pattern),
  format: (from, to) => unlessEqual(from.format, to.format),
  // Nothing becomes invalid, but an event that leaves the field out comes to mean something else.
  default: (from, to) => narrowerIf(!isDeepStrictEqual(from.default, to.default)),
};

/** Compared field by field below. */
const STRUCTURE = new Set(['properties', 'additionalProperties', 'required', 'dependentRequired']);

export function narrowings(from: Definition, to: Definition, unlisted: Unlisted, path = ''): Narrowing[] {
  if (from === false || to === true || isDeepStrictEqual(withoutAnnotations(from), withoutAnnotations(to))) return [];
  if (to === false) return [{ path, keyword: 'schema', from, to }];
  const narrow = from === true ? {} : from;
  if (narrow.anyOf || to.anyOf) return narrowingsOfChoices(narrow, to, unlisted, path);

  const found: Narrowing[] = [];
  for (const keyword of new Set([...Object.keys(narrow), ...Object.keys(to)])) {
    if (ANNOTATIONS.has(keyword) || STRUCTURE.has(keyword)) continue;
    const [before, after]: unknown[] = [Reflect.get(narrow, keyword), Reflect.get(to, keyword)];
    if (isDeepStrictEqual(before, after)) continue;
    const verdict = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword]?.(narrow, to) : 'unclear';
    if (verdict === 'narrower') found.push({ path, keyword, from: before, to: after });
    if (verdict === 'unclear') found.push({ path, keyword, from: before, to: after, unclear: true });
  }
  return [...found, ...narrowedFields(narrow, to, path), ...narrowedProperties(narrow, to, unlisted, path)];
}

/** A choice fits when each of its options does; something fits a choice when it fits one option. */
function narrowingsOfChoices(from: JsonSchema, to: JsonSchema, unlisted: Unlisted, path: string): Narrowing[] {
  if (isPureChoice(from)) return (from.anyOf ?? []).flatMap((option) => narrowings(option, to, unlisted, path));
  const fits = isPureChoice(to) && to.anyOf?.some((option) => narrowings(from, option, unlisted, path).length === 0);
  return fits ? [] : [{ path, keyword: 'anyOf', from: from.anyOf, to: to.anyOf, unclear: true }];
}

const isPureChoice = (schema: JsonSchema) =>
  schema.anyOf !== undefined && Object.keys(schema).every((keyword) => keyword === 'anyOf' || ANNOTATIONS.has(keyword));

/** Fields that must be there now and could be missing before. */
function narrowedFields(from: JsonSchema, to: JsonSchema, path: string): Narrowing[] {
  const sureOf = (field: string, given?: string) =>
    from.required?.includes(field) || (given && from.dependentRequired?.[given]?.includes(field));
  const missing = (field: string, keyword: string) => ({
    path: below(path, field),
    keyword,
    from: undefined,
    to: true,
  });
  return [
    ...(to.required ?? []).filter((field) => !sureOf(field)).map((field) => missing(field, 'required')),
    ...Object.entries(to.dependentRequired ?? {}).flatMap(([given, fields]) =>
      fields.filter((field) => !sureOf(field, given)).map((field) => missing(field, `required with ${given}`)),
    ),
  ];
}

function narrowedProperties(from: JsonSchema, to: JsonSchema, unlisted: Unlisted, path: string): Narrowing[] {
  const listed = new Set([...Object.keys(from.properties ?? {}), ...Object.keys(to.properties ?? {})]);
  const found = [...listed].flatMap((name) => {
    const before = from.properties?.[name] ?? from.additionalProperties;
    const after = to.properties?.[name] ?? to.additionalProperties ?? true;
    if (before !== undefined) return narrowings(before, after, unlisted, below(path, name));
    return unlisted === 'nobody sent it'
      ? []
      : [{ path: below(path, name), keyword: 'properties', from: undefined, to: after }];
  });
  const [others, othersAfter] = [from.additionalProperties, to.additionalProperties];
  // Said explicitly, other fields are part of the message; unsaid, they are ignored.
  if (others !== undefined && others !== false && othersAfter === undefined) {
    return [...found, { path, keyword: 'additionalProperties', from: others, to: othersAfter }];
  }
  return [...found, ...narrowings(others ?? true, othersAfter ?? true, unlisted, below(path, '*'))];
}

const below = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

const narrowerIf = (narrower: boolean) => (narrower ? 'narrower' : undefined);

/** Of expressions whose sets of values cannot be compared: dropping one widens, adding one narrows, a changed one is unclear. */
function unlessEqual(from: string | undefined, to: string | undefined) {
  if (to === undefined || from === to) return undefined;
  return from === undefined ? 'narrower' : 'unclear';
}

const valuesOf = (schema: JsonSchema): readonly unknown[] | undefined =>
  schema.const === undefined ? schema.enum : [schema.const];

const isSubset = (from: readonly unknown[] | undefined, to: readonly unknown[] | undefined) =>
  to === undefined || from?.every((value) => to.some((other) => isDeepStrictEqual(value, other))) === true;

function typesOf(schema: JsonSchema): readonly string[] {
  if (schema.type !== undefined) return [schema.type].flat();
  return valuesOf(schema)?.map((value) => (value === null ? 'null' : typeof value)) ?? ['any'];
}

const isOneOf = (type: string, types: readonly string[]) =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

function withoutAnnotations(schema: Definition): unknown {
  if (typeof schema === 'boolean') return schema;
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword)));
}
