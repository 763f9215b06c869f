/** JSON Schema (2020-12) of valibot schemas. A rule that has no form in JSON Schema stops the generator: nothing is left out silently. */
import { type JsonSchema as Draft07, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { EventContract } from '../../contracts/define-event';

/** The library's type is draft 07's; 2020-12 adds one keyword that we use. */
export type JsonSchema = Draft07 & { dependentRequired?: Record<string, string[]> };

/**
 * Of a schema; fields that a loose object keeps are allowed explicitly, those that a plain object ignores are not mentioned.
 * @param nullIsAbsent what may be absent may be null
 */
export function jsonSchemaOf(schema: v.GenericSchema, nullIsAbsent = false): JsonSchema {
  const { $schema, ...rest } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    // Of a pipe of several schemas the last one counts: those before it only sort out what it would take for its own.
    typeMode: 'output',
    overrideSchema: ({ valibotSchema: { type }, jsonSchema, errors }) => {
      if (errors) return undefined;
      if (type === 'loose_object') return { ...jsonSchema, additionalProperties: true };
      return type === 'optional' && nullIsAbsent ? { anyOf: [jsonSchema, { type: 'null' }] } : undefined;
    },
    overrideAction: ({ valibotAction, jsonSchema, errors }) => {
      const form = 'jsonSchema' in valibotAction ? valibotAction.jsonSchema : undefined;
      if (errors && !form) return undefined;
      return { ...jsonSchema, ...(isObject(form) && form), ...descriptionOf(valibotAction) };
    },
  });
  return withoutEmptyLists(rest);
}

/** Of an event's detail. */
export function detailSchemaOf({ fields, open, rules }: EventContract): JsonSchema {
  let schema = jsonSchemaOf(open ? v.looseObject(fields) : v.object(fields), true);
  for (const { field, jsonSchema } of rules) {
    const taken = Object.keys(jsonSchema).find((keyword) => keyword in schema);
    if (taken) throw new Error(`the rule on ${field} says ${taken}, which is said already: write the two as one rule`);
    schema = { ...schema, ...jsonSchema };
  }
  return schema;
}

/**
 * As both drafts of the documents have it: a field that is null is absent, so that it requires no other and meets no requirement. Draft 07 has
 * another word for `dependentRequired`, and these in common.
 */
export function publishedForm({ dependentRequired = {}, ...schema }: JsonSchema): object {
  const given = { not: { type: 'null' } };
  const conditions = Object.entries(dependentRequired).map(([field, needed]) => ({
    if: { properties: { [field]: given }, required: [field] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { properties: Object.fromEntries(needed.map((name) => [name, given])), required: needed },
  }));
  return conditions.length > 0 ? { ...schema, allOf: conditions } : schema;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The message of a rule that is hard to read as a pattern says it in words. */
function descriptionOf(action: { type: string; message?: unknown }): JsonSchema {
  const isPattern = action.type === 'regex' || action.type === 'check';
  return isPattern && typeof action.message === 'string' ? { description: action.message } : {};
}

/** `required: []` says nothing. */
function withoutEmptyLists(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === 'required' && Array.isArray(value) && value.length === 0 ? undefined : value,
  );
}
