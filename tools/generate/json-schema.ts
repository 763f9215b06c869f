/** JSON Schema (2020-12) of valibot schemas. A rule that has no JSON Schema is an error, so that none is left out silently. */
import { type JsonSchema as Draft07, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { EventContract } from '../../contracts/define-event';
import { UserError } from '../../lib/user-error.mjs';

/** The library's type is draft 07's; 2020-12 adds one keyword that we use. */
export type JsonSchema = Draft07 & { dependentRequired?: Record<string, string[]> };

/**
 * JSON Schema of a valibot schema. Further fields are allowed explicitly for a loose object, and not mentioned for a plain one.
 * @param nullIsAbsent true if an optional field may be null
 */
export function jsonSchemaOf(schema: v.GenericSchema, nullIsAbsent = false): JsonSchema {
  const { $schema, ...rest } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    // The last schema of a pipe describes the value; those before it only exclude what the last would coerce.
    typeMode: 'output',
    overrideSchema: ({ valibotSchema: { type }, jsonSchema, errors }) => {
      if (errors) return undefined;
      if (type === 'loose_object') return { ...jsonSchema, additionalProperties: true };
      return type === 'optional' && nullIsAbsent ? { anyOf: [jsonSchema, { type: 'null' }] } : undefined;
    },
    overrideAction: ({ valibotAction, jsonSchema, errors }) => {
      const form = 'jsonSchema' in valibotAction ? valibotAction.jsonSchema : undefined;
      if (errors && !form) {
        const rule = 'message' in valibotAction ? valibotAction.message : valibotAction.type;
        throw new UserError(`a rule of a field has no JSON Schema, give it one by withJsonSchema: ${rule}`);
      }
      return { ...jsonSchema, ...(isObject(form) && form), ...descriptionOf(valibotAction) };
    },
  });
  return withoutEmptyLists(rest);
}

export function detailSchemaOf({ fields, open, rules }: EventContract): JsonSchema {
  let schema = jsonSchemaOf(open ? v.looseObject(fields) : v.object(fields), true);
  for (const { field, jsonSchema } of rules) {
    const conflict = Object.keys(jsonSchema).find((keyword) => keyword in schema);
    if (conflict)
      throw new UserError(`the rule on ${field} sets ${conflict}, which is already set: combine the two rules`);
    schema = { ...schema, ...jsonSchema };
  }
  return schema;
}

/**
 * A schema in the keywords that draft 07 and 2020-12 share, which the two kinds of documents use: conditions replace `dependentRequired`. A
 * field that is null counts as absent in them.
 */
export function publishedForm({ dependentRequired = {}, ...schema }: JsonSchema): object {
  const notNull = { not: { type: 'null' } };
  const conditions = Object.entries(dependentRequired).map(([field, needed]) => ({
    if: { properties: { [field]: notNull }, required: [field] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { properties: Object.fromEntries(needed.map((name) => [name, notNull])), required: needed },
  }));
  return conditions.length > 0 ? { ...schema, allOf: conditions } : schema;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The message of a rule, as a description beside a pattern or check that is hard to read. */
function descriptionOf(action: { type: string; message?: unknown }): JsonSchema {
  const isPattern = action.type === 'regex' || action.type === 'check';
  return isPattern && typeof action.message === 'string' ? { description: action.message } : {};
}

/** Removes `required: []`, which has no effect. */
function withoutEmptyLists(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === 'required' && Array.isArray(value) && value.length === 0 ? undefined : value,
  );
}
