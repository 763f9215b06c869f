/** JSON Schema (2020-12) of valibot schemas. A rule that has no form in JSON Schema stops the generator: nothing is left out silently. */
import { type JsonSchema as Draft07, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { EventContract } from '../define-event';

/** The library's type is draft 07's; 2020-12 adds one keyword that we use. */
export type JsonSchema = Draft07 & { dependentRequired?: Record<string, string[]> };

/** Of a schema; fields that a loose object keeps are allowed explicitly, those that a plain object ignores are not mentioned. */
export function jsonSchemaOf(schema: v.GenericSchema): JsonSchema {
  const { $schema, ...rest } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    // Of a pipe of several schemas the last one counts: those before it only sort out what it would take for its own.
    typeMode: 'output',
    overrideSchema: ({ valibotSchema, jsonSchema, errors }) =>
      valibotSchema.type === 'loose_object' && !errors ? { ...jsonSchema, additionalProperties: true } : undefined,
    overrideAction: ({ valibotAction, jsonSchema, errors }) => {
      const form = 'jsonForm' in valibotAction ? valibotAction.jsonForm : undefined;
      if (errors && !form) return undefined;
      return { ...jsonSchema, ...(isObject(form) && form), ...descriptionOf(valibotAction) };
    },
  });
  return withoutEmptyLists(rest);
}

/** Of an event's detail. */
export function detailSchemaOf({ fields, open, rules }: EventContract): JsonSchema {
  let schema = jsonSchemaOf(open ? v.looseObject(fields) : v.object(fields));
  for (const { field, jsonForm } of rules) {
    const taken = Object.keys(jsonForm).find((keyword) => keyword in schema);
    if (taken) throw new Error(`the rule on ${field} says ${taken}, which is said already: write the two as one rule`);
    schema = { ...schema, ...jsonForm };
  }
  return schema;
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
